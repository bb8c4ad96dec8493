declare module 'vitest' {
  interface ProvidedContext {
    /** The seed of all randomness in a run. */
    seed: number
  }
}

// Stored in the environment, because Vitest reads its configuration once for each project.
process.env['CHAOS_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31))

/** The seed of this run: random, or the value of `CHAOS_SEED` to repeat an earlier run. */
export const seed = Number(process.env['CHAOS_SEED'])

if (!Number.isSafeInteger(seed)) throw new TypeError('CHAOS_SEED must be an integer')
