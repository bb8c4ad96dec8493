import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

// Builds `dist`, and in it `dist/production`: the same modules, but `x.js` is what `x.production.ts` exports. Entries for
// browsers have it under the condition `production` (see `exports` in package.json).

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const production = join(dist, 'production')

rmSync(dist, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', root], { stdio: 'inherit' })

for (const file of globSync('{src,adapters/{react,query,models}}/**/*.js', { cwd: dist })) {
  const target = join(production, file)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(join(dist, file), target)
}
for (const stub of globSync('**/*.production.js', { cwd: production })) {
  const replaced = join(production, stub.replace('.production.js', '.js'))
  if (!existsSync(replaced)) throw new Error(`${stub} replaces no module`)
  renameSync(join(production, stub), replaced)
}
for (const file of globSync('{src,adapters}/**/*.production.{js,js.map,d.ts,d.ts.map}', { cwd: dist })) {
  rmSync(join(dist, file))
}
