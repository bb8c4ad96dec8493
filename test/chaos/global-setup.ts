import type { TestProject } from 'vitest/node'
import serve from '../global-setup.ts'
import { seed } from './seed.ts'

/** Starts the server of the other tests and provides the seed of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  console.info(`${project.name}: CHAOS_SEED=${seed}`)
  project.provide('seed', seed)
  return serve(project)
}
