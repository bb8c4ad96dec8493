import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** Runs the tests of the test kit in Jest, in Node and in jsdom with the web APIs of Node. */
const project = (name, testEnvironment, testMatch) => ({
  displayName: `testing in ${name}, with Jest`,
  rootDir: root,
  testEnvironment,
  testMatch: testMatch.map((pattern) => `<rootDir>/test/testing/**/${pattern}`),
  // msw is ESM only.
  testPathIgnorePatterns: name === 'node' ? ['\\.dom\\.test', '/msw\\.'] : ['/msw\\.'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  moduleNameMapper: {
    '^rxwire$': resolve(root, 'src/index.ts'),
    '^rxwire/(.*)$': resolve(root, 'adapters/$1/index.ts'),
  },
  transform: {
    '\\.[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  setupFiles: [resolve(root, 'test/setup.ts')],
  // Test machines are slow and shared.
  testTimeout: 60_000,
})

export default {
  projects: [
    project('node', 'node', ['*.test.ts', '*.test.tsx']),
    project('jsdom', 'jest-fixed-jsdom', ['*.test.ts', '*.test.tsx']),
  ],
}
