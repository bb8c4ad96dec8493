import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { productionTree } from '../production.ts'
import { alias } from '../vitest-shared.ts'

const frameworks = [
  'react',
  'vue',
  'svelte/reactivity',
  'svelte/store',
  'svelte',
  'solid-js',
  '@angular/core',
  '@preact/signals-core',
]
const peers = [...frameworks, 'rxjs', '@tanstack/query-core']
const entry = 'virtual:entry'

/** The output of the bundler. */
export interface Bundled {
  readonly code: string
  /** The packages that the bundle still imports. */
  readonly imports: readonly string[]
}

/**
 * Bundles the named exports under the condition `production`, minified, without the dependencies of the library.
 *
 * @param names Names of `from`, or `entry#name` for an export of another entry.
 * @param apart The packages that are left out.
 */
export async function bundled(names: readonly string[], from = 'rxwire', apart = peers): Promise<Bundled> {
  const imports = new Set<string>()
  let code = ''
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    plugins: [
      productionTree(),
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? names.map((name) => exportOf(name, from)).join('\n') : undefined),
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
      rolldownOptions: { input: entry, external: apart, preserveEntrySignatures: 'strict' },
    },
  })
  return { code, imports: [...imports].sort() }
}

function exportOf(name: string, from: string): string {
  const [exported, entry = from] = name.split('#').reverse()
  return `export { ${exported} } from '${entry}'`
}

/** The transfer size of the named exports. */
export async function gzippedBytes(names: readonly string[], from?: string, apart?: string[]): Promise<number> {
  const { code } = await bundled(names, from, apart)
  return gzipSync(code, { level: 9 }).byteLength
}
