import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

interface Comment {
  readonly summary: readonly unknown[]
  readonly blockTags?: readonly { readonly tag: string }[]
}

/** The part of the TypeDoc JSON that these tests read. */
interface Documented {
  readonly kind: number
  readonly name: string
  readonly comment?: Comment
  readonly signatures?: readonly (Documented & { readonly parameters?: readonly Documented[] })[]
  readonly children?: readonly Documented[]
}

/** `ReflectionKind.Function` of TypeDoc. */
const FUNCTION = 64

let entries: readonly Documented[]

// TypeDoc treats warnings as errors: a broken link or a missing export of a used type fails this hook.
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-reference-'))
  const json = join(folder, 'reference.json')
  await promisify(execFile)('npm', ['run', 'reference', '--silent', '--', '--json', json], { cwd: root })
  entries = (JSON.parse(readFileSync(json, 'utf8')) as Documented).children ?? []
  rmSync(folder, { recursive: true })
}, 120_000)

it('has a page for every entry', () => {
  expect(entries.map(({ name }) => name).sort()).toEqual([
    'rxwire',
    'rxwire/angular',
    'rxwire/models',
    'rxwire/query',
    'rxwire/query/react',
    'rxwire/react',
    'rxwire/reactive',
    'rxwire/server',
    'rxwire/signals',
    'rxwire/solid',
    'rxwire/svelte',
    'rxwire/tabs',
    'rxwire/testing',
    'rxwire/vue',
  ])
})

it('has a summary for every export', () => {
  const silent = exported().filter(({ comment, signatures = [] }) =>
    [comment, ...signatures.map((signature) => signature.comment)].every((said) => !said?.summary.length),
  )
  expect(silent.map(({ name }) => name)).toEqual([])
})

it('has an example or a description of every parameter for every function', () => {
  const functions = exported().filter(({ kind }) => kind === FUNCTION)
  expect(functions.length).toBeGreaterThan(100)
  // The example of a function that is a constant is with the constant.
  const unexplained = functions.filter((documented) => {
    const { signatures = [] } = documented
    return ![documented, ...signatures].some(hasExample) && !signatures.every(saysParameters)
  })
  expect(unexplained.map(({ name }) => name)).toEqual([])
})

function exported(): readonly Documented[] {
  return entries.flatMap(({ children = [] }) => children)
}

function hasExample({ comment }: Documented): boolean {
  return comment?.blockTags?.some(({ tag }) => tag === '@example') ?? false
}

function saysParameters({ parameters = [] }: { readonly parameters?: readonly Documented[] }): boolean {
  return parameters.every(({ comment }) => comment !== undefined)
}
