import { resolve } from 'node:path'

// Node 24 sometimes never exits after everything is closed: it spins in Environment::CleanupHandles. An explicit exit
// avoids that.
if (!process.listeners('beforeExit').some(({ name }) => name === exitNow.name)) process.once('beforeExit', exitNow)

function exitNow(): void {
  process.exit()
}

/** The root folder of the project. */
export const root = resolve(import.meta.dirname, '..')

/** Maps the package's entry points to their sources. The first match counts. */
export const alias = {
  'rxwire/query/react': resolve(root, 'adapters/query/react/index.ts'),
  'rxwire/query': resolve(root, 'adapters/query/index.ts'),
  'rxwire/reactive': resolve(root, 'adapters/reactive/index.ts'),
  'rxwire/vue': resolve(root, 'adapters/vue/index.ts'),
  'rxwire/svelte': resolve(root, 'adapters/svelte/index.ts'),
  'rxwire/solid': resolve(root, 'adapters/solid/index.ts'),
  'rxwire/angular': resolve(root, 'adapters/angular/index.ts'),
  'rxwire/signals': resolve(root, 'adapters/signals/index.ts'),
  'rxwire/models': resolve(root, 'adapters/models/index.ts'),
  'rxwire/server': resolve(root, 'adapters/server/index.ts'),
  'rxwire/tabs': resolve(root, 'adapters/tabs/index.ts'),
  'rxwire/testing': resolve(root, 'adapters/testing/index.ts'),
  'rxwire/react': resolve(root, 'adapters/react/index.ts'),
  rxwire: resolve(root, 'src/index.ts'),
}

/** The options of every test project. */
export const shared = {
  setupFiles: ['test/setup.ts'],
  // Test machines are slow and shared. The limits end a hang; they do not measure speed.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
}

/** Dependencies that are bundled before the first browser test. Vite reloads the page if it finds one during a test. */
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
    '@angular/compiler',
    '@angular/core',
    '@angular/platform-browser',
    '@preact/signals',
    '@preact/signals-core',
    'preact',
    'preact/hooks',
    'solid-js',
    'solid-js/web',
    'svelte',
    'svelte/internal/client',
    'svelte/internal/disclose-version',
    'svelte/reactivity',
    'svelte/store',
    'rxjs',
    'zod',
  ],
}
