import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { chromium } from '../engines/chromium.ts'
import { alias, optimizeDeps, root, shared } from '../vitest-shared.ts'

const chaos = {
  ...shared,
  // Ends a hang. The whole suite should take at most ten minutes on two slow cores.
  testTimeout: 300_000,
  globalSetup: ['test/chaos/global-setup.ts'],
  // One file at a time in each project: the tests load the machine enough.
  fileParallelism: false,
}

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        resolve: { alias },
        test: {
          ...chaos,
          name: 'chaos',
          provide: { engine: 'node', react: 19 },
          environment: 'node',
          include: ['test/chaos/**/*.test.ts'],
          exclude: ['**/*.browser.test.*'],
        },
      },
      {
        root,
        cacheDir: 'node_modules/.vite/chaos',
        plugins: [react()],
        resolve: { alias },
        optimizeDeps,
        test: {
          ...chaos,
          name: 'chaos in chromium',
          provide: { engine: 'chromium', react: 19 },
          include: ['test/chaos/**/*.test.{ts,tsx}'],
          exclude: ['**/*.node.test.*'],
          browser: chromium.browser(),
        },
      },
    ],
  },
})
