import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { chromium } from './engines/chromium.ts'
import type { Engine } from './engines/engine.ts'
import { presentEngines } from './engines/engines.ts'
import { readmeExamples } from './package/readme-examples.ts'
import { productionTree } from './production.ts'
import { svelteComponents } from './svelte-components.ts'
import { alias, optimizeDeps, root, shared } from './vitest-shared.ts'

/** The oldest React version that the hooks support, aliased over the newest. */
const react18 = { react: 'react-18', 'react-dom': 'react-dom-18' }

/** Most tests wait for timers and sockets, so more of them run at a time than there are processors. */
const waitingWorkers = 2 * availableParallelism()

/**
 * Groups of projects run one after the other. Projects of a group run at the same time.
 *
 * @param order The position of the group.
 */
const inGroup = (order: number, maxWorkers: number) => ({ sequence: { groupOrder: order }, maxWorkers })

/** Tests that load the page or type into it. They need it to themselves. */
const alone = [
  'test/react/{firehose,leaks,navigation,overload,select,suspense}.browser.test.tsx',
  'test/browser/held-connections.browser.test.ts',
  'test/contract/event-source-behaviour.test.ts',
  'test/query/react-query.browser.test.tsx',
]

/** What is checked before a release: the packed library, in bundlers too, the reference, the built Storybook. */
const ofRelease = ['test/package/{bundlers,packed,reference,static-storybook}.test.ts']
const ofRuntimes = ['test/package/{newcomer,runtimes}.test.ts']

/** Every project has a cache of its own: two that share one would invalidate each other. */
const inBrowser = ({ name, browser }: Engine) => ({
  root,
  cacheDir: `node_modules/.vite/${name}`,
  plugins: [react(), svelteComponents(), readmeExamples()],
  resolve: { alias },
  optimizeDeps,
  test: {
    ...shared,
    ...inGroup(2, waitingWorkers),
    name,
    include: ['test/{contract,query}/**/*.test.ts', 'test/{browser,react,query,frameworks}/**/*.browser.test.{ts,tsx}'],
    exclude: ['**/*.{node,production}.test.*', ...alone],
    globalSetup: ['test/global-setup.ts'],
    provide: { engine: name, react: 19 },
    browser: browser(),
  },
})

const oneAtATime = (engine: Engine) => {
  const project = inBrowser(engine)
  return {
    ...project,
    cacheDir: `node_modules/.vite/${engine.name}-alone`,
    test: {
      ...project.test,
      ...inGroup(3, 1),
      fileParallelism: false,
      name: `${engine.name} alone`,
      include: alone,
      exclude: ['**/*.node.test.*'],
    },
  }
}

const withReact18 = () => {
  const project = inBrowser(chromium)
  return {
    ...project,
    cacheDir: 'node_modules/.vite/react-18',
    resolve: { alias: { ...alias, ...react18 } },
    test: {
      ...project.test,
      ...inGroup(4, waitingWorkers),
      name: 'react-18',
      include: ['test/react/**/*.browser.test.tsx'],
      exclude: ['**/leaks.*', '**/firehose.*'],
      provide: { ...project.test.provide, react: 18 },
    },
  }
}

/** The tests of the test kit, in each environment that its users have. Jest runs the same files. */
const ofTestKit = (environment: 'node' | 'jsdom' | 'happy-dom') => ({
  root,
  resolve: { alias },
  test: {
    ...shared,
    ...inGroup(1, waitingWorkers),
    name: `testing in ${environment}`,
    environment,
    globals: true,
    include: ['test/testing/**/*.test.{ts,tsx}'],
    exclude: environment === 'node' ? ['**/*.dom.test.tsx'] : ['**/msw.*'],
  },
})

const inNode = {
  ...shared,
  environment: 'node' as const,
  exclude: ['**/*.browser.test.*', '**/*.production.test.*', ...ofRelease, ...ofRuntimes],
  provide: { engine: 'node' as const, react: 19 },
}

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        resolve: { alias },
        test: {
          ...inNode,
          ...inGroup(0, availableParallelism()),
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: [...shared.setupFiles, 'test/unit/setup.ts'],
          // Starting a worker for each file would take longer than its tests.
          isolate: false,
        },
      },
      {
        root,
        plugins: [svelteComponents()],
        resolve: { alias },
        test: {
          ...inNode,
          ...inGroup(1, waitingWorkers),
          name: 'node',
          include: ['test/{contract,react,query,frameworks,architecture,package,log-server}/**/*.test.{ts,tsx}'],
          globalSetup: ['test/global-setup.ts'],
        },
      },
      {
        root,
        plugins: [productionTree()],
        resolve: { alias },
        test: {
          ...inNode,
          ...inGroup(6, waitingWorkers),
          name: 'production',
          include: ['test/contract/**/*.test.ts'],
          exclude: ['**/*.browser.test.*'],
          setupFiles: [...shared.setupFiles, 'test/setup-production.ts'],
          globalSetup: ['test/global-setup.ts'],
        },
      },
      ofTestKit('node'),
      ofTestKit('jsdom'),
      ofTestKit('happy-dom'),
      ...presentEngines().flatMap((engine) => [inBrowser(engine), oneAtATime(engine)]),
      withReact18(),
      {
        root,
        cacheDir: 'node_modules/.vite/storybook',
        plugins: [storybookTest({ configDir: resolve(root, 'storybook'), disableAddonDocs: true })],
        test: {
          ...shared,
          ...inGroup(4, waitingWorkers),
          setupFiles: [],
          name: 'storybook',
          browser: chromium.browser(),
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          ...inNode,
          ...inGroup(5, 1),
          name: 'release',
          include: ofRelease,
          exclude: [],
          globalSetup: ['test/global-setup.ts'],
        },
      },
      {
        root,
        resolve: { alias },
        test: { ...inNode, ...inGroup(7, 1), name: 'runtimes', include: ofRuntimes, exclude: [] },
      },
    ],
  },
})
