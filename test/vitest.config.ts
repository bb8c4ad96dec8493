import { resolve } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { chromium } from './engines/chromium.ts'
import type { Engine } from './engines/engine.ts'
import { presentEngines } from './engines/engines.ts'
import { readmeExamples } from './package/readme-examples.ts'
import { alias, optimizeDeps, root, shared } from './vitest-shared.ts'

/** The oldest React that the hooks support, instead of the newest. */
const react18 = { react: 'react-18', 'react-dom': 'react-dom-18' }

const inBrowser = ({ name, browser }: Engine) => ({
  root,
  cacheDir: `node_modules/.vite/${name}`,
  plugins: [react(), readmeExamples()],
  resolve: { alias },
  optimizeDeps,
  test: {
    ...shared,
    name,
    include: ['test/{contract,query}/**/*.test.ts', 'test/{browser,react,query}/**/*.browser.test.{ts,tsx}'],
    exclude: ['**/*.node.test.*'],
    globalSetup: ['test/global-setup.ts'],
    provide: { engine: name, react: 19 },
    browser: browser(),
  },
})

const withReact18 = () => {
  const project = inBrowser(chromium)
  return {
    ...project,
    cacheDir: 'node_modules/.vite/react-18',
    resolve: { alias: { ...alias, ...react18 } },
    test: {
      ...project.test,
      name: 'react-18',
      include: ['test/react/**/*.browser.test.tsx'],
      exclude: ['**/leaks.*', '**/firehose.*'],
      provide: { ...project.test.provide, react: 18 },
    },
  }
}

export default defineConfig({
  root,
  // Every project has its own cache folder: two projects that share one would invalidate each other's files.
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
          provide: { engine: 'node', react: 19 },
        },
      },
      ...presentEngines().map(inBrowser),
      withReact18(),
      {
        root,
        cacheDir: 'node_modules/.vite/storybook',
        plugins: [storybookTest({ configDir: resolve(root, 'storybook'), disableAddonDocs: true })],
        test: { ...shared, setupFiles: [], name: 'storybook', browser: chromium.browser() },
      },
    ],
  },
})
