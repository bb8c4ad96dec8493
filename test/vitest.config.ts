import { resolve } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumPath } from './chromium.ts'

const root = resolve(import.meta.dirname, '..')

const alias = {
  'rxwire/query': resolve(root, 'adapters/query/index.ts'),
  'rxwire/react': resolve(root, 'adapters/react/index.ts'),
  rxwire: resolve(root, 'src/index.ts'),
}

/** The oldest React that the hooks support, in the place of the newest. */
const react18 = { react: 'react-18', 'react-dom': 'react-dom-18' }

// A factory: Vitest writes into what it is given, and projects must not share it.
const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  }),
  instances: [{ browser: 'chromium' as const }],
})

/** Named, because what is found only while tests run makes the page load again. */
const optimizeDeps = {
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

const shared = {
  setupFiles: ['test/setup.ts'],
  // Machines are slow and shared: a limit is there to end a hang, not to measure.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
}

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
        },
      },
      {
        root,
        cacheDir: 'node_modules/.vite/browser',
        plugins: [react()],
        resolve: { alias },
        optimizeDeps,
        test: {
          ...shared,
          name: 'chromium',
          provide: { react: 19 },
          include: ['test/{contract,query}/**/*.test.ts', 'test/{browser,react,query}/**/*.browser.test.{ts,tsx}'],
          exclude: ['**/*.node.test.*'],
          globalSetup: ['test/global-setup.ts'],
          browser: chromium(),
        },
      },
      {
        root,
        cacheDir: 'node_modules/.vite/react-18',
        plugins: [react()],
        resolve: { alias: { ...alias, ...react18 } },
        optimizeDeps,
        test: {
          ...shared,
          name: 'react-18',
          provide: { react: 18 },
          include: ['test/react/**/*.browser.test.tsx'],
          exclude: ['**/leaks.*', '**/firehose.*'],
          globalSetup: ['test/global-setup.ts'],
          browser: chromium(),
        },
      },
      {
        root,
        cacheDir: 'node_modules/.vite/storybook',
        plugins: [storybookTest({ configDir: resolve(root, 'storybook'), disableAddonDocs: true })],
        test: { ...shared, setupFiles: [], name: 'storybook', browser: chromium() },
      },
    ],
  },
})
