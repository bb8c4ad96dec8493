import { defineConfig } from 'vitest/config'
import { alias, root, shared } from '../vitest-shared.ts'

// What Stryker asks of every mutant: the unit tests, under Node, in one place and in little time.
export default defineConfig({
  root,
  resolve: { alias },
  test: {
    ...shared,
    environment: 'node',
    include: ['test/unit/**/*.test.ts'],
    // What is random takes long and would notice a mutant on one day and not on the other.
    exclude: ['test/unit/**/*-model.test.ts', 'test/unit/**/any-bytes.test.ts'],
    provide: { engine: 'node', react: 19 },
    // One worker for all files: a new one for each would take longer than the tests.
    isolate: false,
  },
})
