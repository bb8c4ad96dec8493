import type { TestProject } from 'vitest/node'
import serve from '../global-setup.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where all randomness of a run begins. */
    seed: number
  }
}

// One for all projects of a run. `CHAOS_SEED=… npm run test:chaos` does it all once more.
const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** The server of the other tests, and a seed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!Number.isSafeInteger(seed)) throw new TypeError('CHAOS_SEED must be an integer')
  console.info(`${project.name}: CHAOS_SEED=${seed}`)
  project.provide('seed', seed)
  return serve(project)
}
