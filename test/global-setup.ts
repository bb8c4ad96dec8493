import type { TestProject } from 'vitest/node'
import type { EngineName } from './engines/engine.ts'
import { startServer } from './server/server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The base URL of the scenarios. */
    backend: string
    /** The major version of React in this project. */
    react: number
    /** The engine that runs the tests. */
    engine: EngineName | 'node'
  }
}

/** Starts one real server for all tests of a project, on a free port of the loopback address. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  project.provide('backend', server.url)
  return () => server.close()
}
