import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EXCLUDED, INCLUDED } from './avoid.ts'
import { findProse } from './find-prose.ts'

// Part of `npm run lint`: reports phrases that CONTRIBUTING.md asks to avoid.

const root = resolve(import.meta.dirname, '../..')
const paths = globSync(INCLUDED, { cwd: root, exclude: [...EXCLUDED] }).sort()

const findings = paths.flatMap((path) =>
  findProse(path, readFileSync(join(root, path), 'utf8')).map(({ line, message }) => `${path}:${line}: ${message}`),
)

if (findings.length > 0) {
  console.error([...findings, '', `${findings.length} findings in ${paths.length} files`].join('\n'))
  process.exitCode = 1
} else {
  console.info(`checked ${paths.length} files`)
}
