import { resolve } from 'node:path'

// Left to end by itself, Node 24 at times takes its environment apart for ever, after all is closed and said, with a
// processor to itself (seen in Environment::CleanupHandles). Whoever leaves by this door does not.
process.once('beforeExit', () => process.exit())

/** Where the project is. */
export const root = resolve(import.meta.dirname, '..')

/** The package by its own names, from its sources. */
export const alias = {
  'rxwire/query': resolve(root, 'adapters/query/index.ts'),
  'rxwire/react': resolve(root, 'adapters/react/index.ts'),
  rxwire: resolve(root, 'src/index.ts'),
}

/** What holds for every test. */
export const shared = {
  setupFiles: ['test/setup.ts'],
  // Machines are slow and shared: a limit is there to end a hang, not to measure.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
}

/** What the browser projects have compiled before the first test: found in the midst of one, it would reload the page. */
export const optimizeDeps = {
  include: [
    'react',
    'react-dom',
    'react-dom/client',
    'react-dom/server',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    '@testing-library/react',
    '@tanstack/query-core',
    '@tanstack/react-query',
    '@tanstack/vue-query',
    'vue',
    'rxjs',
    'eventsource-parser',
    'zod',
  ],
}
