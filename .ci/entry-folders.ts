import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

// For resolvers that do not know `exports` (Parcel by default, TypeScript with `moduleResolution: node`), the package has a
// folder for each further entry. They exist only while it is packed: a tool that looks for `react` in the root of the
// repository would find one.

const root = join(import.meta.dirname, '..')
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
}

for (const [entry, target] of Object.entries(exports)) {
  if (entry === '.' || typeof target === 'string') continue
  const folder = join(root, entry)
  rmSync(folder, { recursive: true, force: true })
  if (process.argv.includes('--remove')) continue
  mkdirSync(folder, { recursive: true })
  const manifest = {
    type: 'module',
    main: relative(folder, join(root, target.default)),
    types: relative(folder, join(root, target.types)),
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
