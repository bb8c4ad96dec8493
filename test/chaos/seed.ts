declare module 'vitest' {
  interface ProvidedContext {
    /** Where all randomness of a run begins. */
    seed: number
  }
}

// Kept where it is looked for: Vitest reads its configuration once for each project.
process.env['CHAOS_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31))

/** The seed of this run: another one each time, or what `CHAOS_SEED` says, to do the same once more. */
export const seed = Number(process.env['CHAOS_SEED'])

if (!Number.isSafeInteger(seed)) throw new TypeError('CHAOS_SEED must be an integer')
