import { resolve } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { alias, chromium, optimizeDeps, root, shared } from './vitest-shared.ts'

/** The oldest React that the hooks support, in the place of the newest. */
const react18 = { react: 'react-18', 'react-dom': 'react-dom-18' }

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
