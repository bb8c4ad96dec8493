import { defineConfig } from 'vitest/config'
import { alias, root, shared } from '../vitest-shared.ts'

// What Stryker asks of every mutant: the unit tests, under Node.
export default defineConfig({
  root,
  resolve: { alias },
  test: {
    ...shared,
    setupFiles: ['test/mutation/setup.ts'],
    environment: 'node',
    include: ['test/unit/**/*.test.ts'],
    // Walks at random take longer than all the rest.
    exclude: ['test/unit/**/*-model.test.ts', 'test/unit/**/any-bytes.test.ts'],
    provide: { engine: 'node', react: 19 },
    // A worker of its own for each file would take longer than its tests.
    isolate: false,
  },
})
