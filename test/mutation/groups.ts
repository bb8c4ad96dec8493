/** A part of the sources, and the tests that must detect its mutants. */
export interface MutationGroup {
  readonly mutate: readonly string[]
  readonly testFiles: readonly string[]
}

/** The mutated sources. Each group must reach the threshold on its own. */
export const groups: Readonly<Record<string, MutationGroup>> = {
  policy: {
    mutate: ['src/policy/**/*.ts'],
    testFiles: ['test/unit/policy/**/*.test.ts', 'test/unit/reconnecting*.test.ts'],
  },
  decoders: {
    mutate: ['src/decoders/**/*.ts'],
    testFiles: ['test/unit/decoders/**/*.test.ts'],
  },
  operators: {
    mutate: ['src/operators/**/*.ts', '!src/operators/to-async-iterable.ts'],
    testFiles: ['test/unit/operators/**/*.test.ts'],
  },
  iterable: {
    mutate: ['src/operators/to-async-iterable.ts'],
    testFiles: ['test/unit/operators/to-async-iterable.test.ts'],
  },
  kernel: {
    mutate: [
      'src/{accumulate,attempt,errors,schema,socket-frame,state,subscription-context}.ts',
      'src/{engine,store}/**/*.ts',
    ],
    testFiles: [
      'test/unit/{accumulate,attempt,errors,poll-timer,ring,schema,socket-frame,stall-watch,state}.test.ts',
      'test/unit/subscription-context.test.ts',
      'test/unit/{reconnecting,store}*.test.ts',
      'test/unit/operators/{stall-timeout,to-async-iterable}.test.ts',
    ],
  },
}
