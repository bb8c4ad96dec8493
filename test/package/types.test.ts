import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { hovers, mistakes } from '../types/shown.ts'

const root = resolve(import.meta.dirname, '../..')
// Below node_modules, so that the imports of the snippets resolve.
const folder = join(root, 'node_modules/.cache/rxwire-types')
const declarations = join(folder, 'declarations')

const newest = createRequire(import.meta.url)
// The oldest TypeScript that can read the published types. @arethetypeswrong/core depends on it.
const oldest = createRequire(newest.resolve('@arethetypeswrong/core'))

const compilers = [newest, oldest].map((from) => {
  const manifest = from.resolve('typescript/package.json')
  return [JSON.parse(readFileSync(manifest, 'utf8')).version as string, join(dirname(manifest), 'bin/tsc')] as const
})

const prelude = `
import { createOutbox, fromEventSource, fromFetchStream, fromPoll, fromWebSocket, json, sse, wireStore, type Wire } from 'rxwire'
import { useFetch } from 'rxwire/query/react'
import { useEventSource, useJsonp, usePoll, useWebSocket, useWire } from 'rxwire/react'
import { useEventSource as useVueEventSource, useWire as useVueWire } from 'rxwire/vue'
interface Tick { readonly price: number }
interface Alert { readonly text: string }
interface Command { readonly do: string }
declare const wire: Wire<Tick>
`

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  run(
    compilers[0]?.[1] ?? '',
    '-p',
    root,
    '--emitDeclarationOnly',
    '--declarationMap',
    'false',
    '--outDir',
    declarations,
  )
  return () => rmSync(folder, { recursive: true, force: true })
})

function run(compiler: string, ...args: string[]): string {
  return spawnSync('node', [compiler, ...args], { encoding: 'utf8' }).stdout
}

/** Compiles sources, by file name, and returns what the compiler prints. */
function compile(compiler: string, sources: Readonly<Record<string, string>>, options: object): string {
  for (const [name, source] of Object.entries(sources)) writeFileSync(join(folder, name), source)
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    module: 'preserve',
    moduleResolution: 'bundler',
    types: [],
    noEmitOnError: false,
    paths: {
      rxwire: [join(declarations, 'src/index.d.ts')],
      'rxwire/*': [join(declarations, 'adapters/*/index.d.ts')],
    },
    ...options,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(sources) }))
  return run(compiler, '-p', folder, '--pretty', 'false')
}

describe.each(compilers)('TypeScript %s', (version, compiler) => {
  it.each([true, false])('infers the types that the tests name, with exactOptionalPropertyTypes: %s', (exact) => {
    const sources = Object.fromEntries(
      ['public-types', 'query-types', 'adapter-types'].map((name) => [
        `${name}.ts`,
        readFileSync(join(root, `test/types/${name}.ts`), 'utf8'),
      ]),
    )
    const options = { exactOptionalPropertyTypes: exact, noEmit: true, skipLibCheck: true }
    expect(compile(compiler, sources, options)).toBe('')
  })

  it.each([true, false])('says what is wrong, with exactOptionalPropertyTypes: %s', (exact) => {
    const sources = Object.fromEntries(mistakes.map(({ code }, index) => [`mistake-${index}.ts`, prelude + code]))
    const printed = compile(compiler, sources, { exactOptionalPropertyTypes: exact, noEmit: true, skipLibCheck: true })
    // An error starts with its file. The lines that explain it are indented.
    const errors = printed.split(/\n(?=\S)/)
    const missed = mistakes.flatMap(({ code, says }, index) => {
      const own = errors.filter((error) => error.includes(`mistake-${index}.ts(`))
      return own.some((error) => error.includes(says)) ? [] : [{ code, says, own }]
    })
    expect(missed).toEqual([])
  })

  it('shows the type of the data, and not how it was inferred', () => {
    const source = hovers.map(({ code }, index) => `export const shown${index} = ${code}`).join('\n')
    const emitted = join(folder, `shown-${version}`)
    const options = {
      declaration: true,
      emitDeclarationOnly: true,
      outDir: emitted,
      rootDir: folder,
      skipLibCheck: true,
    }
    expect(compile(compiler, { 'shown.ts': `${prelude}${source}\n` }, options)).toBe('')
    const text = readFileSync(join(emitted, 'shown.d.ts'), 'utf8')
    const shown = hovers.map((_, index) => new RegExp(`const shown${index}: (.*?);\\n(?=\\w)`, 's').exec(text)?.[1])
    expect(shown.map((type) => type?.replaceAll(/import\("rxwire[a-z/]*"\)\./g, '').replaceAll(/\s+/g, ' '))).toEqual(
      hovers.map(({ shows }) => shows),
    )
  })
})
