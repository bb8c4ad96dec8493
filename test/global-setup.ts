import type { TestProject } from 'vitest/node'
import type { EngineName } from './engines/engine.ts'
import { startServer } from './server/server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the scenarios are. */
    backend: string
    /** The first number of the version of React that the project is about. */
    react: number
    /** What runs the tests. */
    engine: EngineName | 'node'
  }
}

/** One real server for all tests of a project, on a free port of the loopback address. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  project.provide('backend', server.url)
  return () => server.close()
}
