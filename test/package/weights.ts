import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build, type Plugin, transformSync } from 'esbuild'

// Prints what each file of a bundle weighs: node test/package/weights.ts [--from rxwire/react] name…
// `minified` is its share of the bundle. `gzip` is what the transfer size loses without that share.

const root = resolve(import.meta.dirname, '../..')
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', default: 'rxwire' }, development: { type: 'boolean', default: false } },
})
const entries: Readonly<Record<string, string>> = {
  rxwire: resolve(root, 'src/index.ts'),
  'rxwire/react': resolve(root, 'adapters/react/index.ts'),
  'rxwire/reactive': resolve(root, 'adapters/reactive/index.ts'),
}

const tree: Plugin = {
  name: 'tree',
  setup({ onResolve }) {
    onResolve({ filter: /^rxwire/ }, ({ path }) => ({ path: entries[path] ?? path, sideEffects: false }))
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path)
      const stub = file.replace(/\.ts$/, '.production.ts')
      return { path: !values.development && existsSync(stub) ? stub : file, sideEffects: false }
    })
  },
}

const { metafile, outputFiles } = await build({
  // Not an export, which must be declared, so that a file can be left out below.
  stdin: {
    contents: `import { ${positionals.join(', ')} } from '${values.from}'; globalThis.used = [${positionals.join(', ')}]`,
    resolveDir: root,
  },
  bundle: true,
  minifySyntax: true,
  metafile: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  outfile: 'bundle.js',
  external: ['rxjs', 'react', '@tanstack/query-core'],
  plugins: [tree],
})
const code = outputFiles[0]?.text ?? ''
const gzippedBytes = (text: string) => gzipSync(transformSync(text, { minify: true }).code, { level: 9 }).byteLength
const total = gzippedBytes(code)
const parts = code.split(/^(?=\/\/ (?:src|adapters)\/)/m)
const rows = parts.map((part, index) => {
  const file = /^\/\/ (\S+)/.exec(part)?.[1] ?? '(imports and exports)'
  const rest = parts.filter((_, other) => other !== index).join('')
  const { length } = transformSync(part, { minify: true }).code
  return { file, length, gzip: total - gzippedBytes(rest) }
})
for (const { file, length, gzip } of rows.sort((a, b) => b.gzip - a.gzip)) {
  console.info(`${String(length).padStart(6)} ${String(gzip).padStart(6)}  ${file}`)
}
console.info(`${total} bytes gzip in ${Object.keys(metafile.inputs).length} files`)
