import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const rules = resolve(import.meta.dirname, 'rules.cjs')
const { forbidden } = createRequire(import.meta.url)(rules) as { forbidden: readonly { name: string }[] }

/** Runs dependency-cruiser on a source tree. Returns the names of the broken rules and the number of checked files. */
function check(folder: string): { broken: readonly string[]; files: number } {
  const depcruise = resolve(root, 'node_modules/.bin/depcruise')
  const args = ['--config', rules, '--output-type', 'json', 'src', 'adapters']
  const { stdout } = spawnSync(depcruise, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: readonly { rule: { name: string } }[]; totalCruised: number }
  }
  return { broken: [...new Set(summary.violations.map(({ rule }) => rule.name))].sort(), files: summary.totalCruised }
}

it('finds no forbidden import in the sources', () => {
  const { broken, files } = check(root)
  expect(broken).toEqual([])
  expect(files).toBeGreaterThan(40)
})

it('reports every kind of forbidden import, including type imports', () => {
  const tree: Record<string, string> = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "rxwire": ["./src/index.ts"] } } }',
    'node_modules/react/package.json': '{ "name": "react", "main": "index.js" }',
    'node_modules/react/index.js': '',
    // Each import breaks a rule. `import type` counts like any other.
    'src/wire.ts': "import type {} from './attempt.ts'\nimport type {} from './validate.ts'",
    'src/errors.ts': '',
    'src/validate.ts': '',
    'src/attempt.ts': "import type {} from './policy/backoff.ts'\nimport 'react'",
    'src/policy/backoff.ts':
      "import type {} from '../platform/page-lifecycle.ts'\nimport type {} from '../engine/reconnecting.ts'",
    'src/platform/page-lifecycle.ts': '',
    'src/engine/reconnecting.ts': "import type {} from '../operators/messages.ts'",
    'src/operators/messages.ts': "import type {} from './batch.ts'\nimport type {} from '../store/wire-store.ts'",
    'src/operators/batch.ts': "import type {} from './messages.ts'",
    'src/store/wire-store.ts': "import type {} from '../index.ts'",
    'src/transports/event-source/from-event-source.ts':
      "import type {} from '../web-socket/from-web-socket.ts'\nimport type {} from './native-attempt.ts'",
    'src/transports/event-source/native-attempt.ts': '',
    'src/transports/web-socket/from-web-socket.ts': "import type {} from '../../drawer/things.ts'",
    'src/drawer/things.ts': '',
    'src/index.ts': "import type {} from '../adapters/react/index.ts'\nimport '../test/server.ts'",
    'node_modules/@tanstack/query-core/package.json': '{ "name": "@tanstack/query-core", "main": "index.js" }',
    'node_modules/@tanstack/query-core/index.js': '',
    'adapters/react/index.ts':
      "import type {} from '../../src/errors.ts'\nimport type {} from '../query/index.ts'\nimport '@tanstack/query-core'",
    'adapters/query/index.ts': "import type {} from 'rxwire'\nimport 'react'",
    'adapters/vue/index.ts': "import 'react'",
    'test/server.ts': '',
  }
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-broken-tree-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  expect(check(folder).broken).toEqual(forbidden.map(({ name }) => name).sort())
})
