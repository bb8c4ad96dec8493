import { defineConfig } from 'vitest/config'
import { alias, root, shared } from '../vitest-shared.ts'

// The tests that Stryker runs for every mutant: the unit tests, in Node.
export default defineConfig({
  root,
  resolve: { alias },
  test: {
    ...shared,
    setupFiles: ['test/mutation/setup.ts'],
    environment: 'node',
    include: ['test/unit/**/*.test.ts'],
    // Random walks take longer than all other tests together.
    exclude: ['test/unit/**/*-model.test.ts', 'test/unit/**/any-bytes.test.ts'],
    provide: { engine: 'node', react: 19 },
    // Starting a worker for each file would take longer than its tests.
    isolate: false,
  },
})
