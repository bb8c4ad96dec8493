import { resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const peers = ['react', 'rxjs', 'eventsource-parser', '@tanstack/query-core']
const entry = 'virtual:entry'

/** What a bundler makes of an entry. */
export interface Bundled {
  readonly code: string
  /** Which packages it still asks for. */
  readonly imports: readonly string[]
}

/** Bundles a few names for production, minified, without the packages that the library asks for. */
export async function bundled(names: readonly string[], from = 'rxwire'): Promise<Bundled> {
  const imports = new Set<string>()
  let code = ''
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
        load: (id) => (id === entry ? `export { ${names.join(', ')} } from '${from}'` : undefined),
        generateBundle: (_, bundle) => {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type !== 'chunk') continue
            code += chunk.code
            for (const name of chunk.imports) imports.add(name)
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
  return { code, imports: [...imports].sort() }
}
