import { resolve } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { chromium } from './engines/chromium.ts'
import type { Engine } from './engines/engine.ts'
import { presentEngines } from './engines/engines.ts'

const root = resolve(import.meta.dirname, '..')

const alias = {
  'rxwire/query': resolve(root, 'adapters/query/index.ts'),
  'rxwire/react': resolve(root, 'adapters/react/index.ts'),
  rxwire: resolve(root, 'src/index.ts'),
}

const shared = {
  setupFiles: ['test/setup.ts'],
  // Machines are slow and shared: a limit is there to end a hang, not to measure.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
}

const inBrowser = ({ name, browser }: Engine) => ({
  root,
  cacheDir: `node_modules/.vite/${name}`,
  plugins: [react()],
  resolve: { alias },
  optimizeDeps: {
    include: [
      'react',
      'react-dom',
      'react-dom/client',
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
  },
  test: {
    ...shared,
    name,
    include: ['test/{contract,query}/**/*.test.ts', 'test/{browser,react,query}/**/*.browser.test.{ts,tsx}'],
    exclude: ['**/*.node.test.*'],
    globalSetup: ['test/global-setup.ts'],
    provide: { engine: name },
    browser: browser(),
  },
})

export default defineConfig({
  root,
  // Every project compiles for itself: two caches in one folder would chase each other away.
  test: {
    projects: [
      {
        root,
        resolve: { alias },
        test: {
          ...shared,
          name: 'node',
          environment: 'node',
          include: ['test/{unit,contract,react,query,architecture,package}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.browser.test.*'],
          globalSetup: ['test/global-setup.ts'],
          provide: { engine: 'node' },
        },
      },
      ...presentEngines().map(inBrowser),
      {
        root,
        cacheDir: 'node_modules/.vite/storybook',
        plugins: [storybookTest({ configDir: resolve(root, 'storybook'), disableAddonDocs: true })],
        test: { ...shared, setupFiles: [], name: 'storybook', browser: chromium.browser() },
      },
    ],
  },
})
