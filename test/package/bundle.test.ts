import { resolve } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const peers = ['react', 'rxjs', 'eventsource-parser', '@tanstack/query-core']
const entry = 'virtual:entry'

/** Which packages are left in what a bundler makes of one hook. */
async function importsOf(hook: string): Promise<readonly string[]> {
  const imports = new Set<string>()
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: { 'rxwire/react': resolve(root, 'adapters/react/index.ts'), rxwire: resolve(root, 'src/index.ts') },
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? `export { ${hook} } from 'rxwire/react'` : undefined),
        generateBundle: (_, bundle) => {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type === 'chunk') for (const name of chunk.imports) imports.add(name)
          }
        },
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: entry, external: peers, preserveEntrySignatures: 'strict' },
    },
  })
  return [...imports].sort()
}

it('leaves query-core out of what does not use it', async () => {
  expect(await importsOf('useFetch')).toEqual(['@tanstack/query-core', 'react', 'rxjs'])
  for (const hook of ['useWire', 'useWebSocket', 'usePoll', 'useLongPoll', 'useFetchStream', 'useXhr']) {
    expect(await importsOf(hook)).toEqual(['react', 'rxjs'])
  }
})
