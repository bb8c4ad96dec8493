import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { compile } from 'svelte/compiler'
import { expect, it, onTestFinished } from 'vitest'
import { compileScript, parse } from 'vue/compiler-sfc'
import { componentsIn, examplesIn } from './examples.ts'

const root = resolve(import.meta.dirname, '../..')
// Below node_modules, so that the imports of the examples resolve.
const folder = join(root, 'node_modules/.cache/rxwire-examples')

function examples() {
  const sources = globSync(['README.md', 'storybook/docs/**/*.mdx', '{src,adapters}/**/*.{ts,tsx}'], { cwd: root })
  return sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    // In a TSDoc comment, every line starts with an asterisk.
    const plain = /\.mdx?$/.test(file) ? text : text.replace(/^ \* ?/gm, '')
    return examplesIn(plain).map((example) => ({ file, ...example }))
  })
}

const inferring = globSync(['src/{transports,operators,store}/**/*.ts', 'adapters/{react,query}/**/*.ts'], {
  cwd: root,
})
  .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/^export function (\w+)</gm)])
  .map(([, name = '']) => name)

it('passes no type arguments to a transport, a hook or an operator in an example', () => {
  expect(inferring).toEqual(expect.arrayContaining(['fromFetch', 'useWebSocket', 'patchQuery', 'wireStore', 'batch']))
  const factories = ['logLines', 'logSocket']
  const names = inferring.filter((name) => !factories.includes(name)).join('|')
  const explicit = examples().flatMap(({ file, code }) =>
    [...code.matchAll(new RegExp(`\\b(?:${names})<.*`, 'g'))].map(([call]) => `${file}: ${call}`),
  )
  expect(explicit).toEqual([])
})

it('compiles the components of the pages for Vue and Svelte without a warning', () => {
  const page = (name: string) => readFileSync(join(root, `storybook/docs/tasks/${name}.mdx`), 'utf8')
  const ofSvelte = componentsIn(page('svelte'), 'svelte').map((code) => compile(code, {}).warnings)
  expect(ofSvelte).toEqual([[]])
  const ofVue = componentsIn(page('vue'), 'vue').map((code) => {
    const { descriptor, errors } = parse(code)
    return [errors, compileScript(descriptor, { id: 'page', inlineTemplate: true }).warnings]
  })
  expect(ofVue).toEqual([[[], undefined]])
})

it('compiles all examples of the README, the documentation and the TSDoc comments', async () => {
  const all = examples()
  expect(all.length).toBeGreaterThan(100)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const files = all.map(({ file, language, code }, index) => {
    const name = `${index}-${file.replaceAll(/[^\w.]/g, '-')}.${language}`
    writeFileSync(join(folder, name), `${code}\nexport {}\n`)
    return name
  })
  // For Angular.
  const compilerOptions = { rootDir: root, noUnusedLocals: false, experimentalDecorators: true }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'test/tsconfig.json'), compilerOptions, files, include: [] }),
  )
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { stdout } = await promisify(execFile)(tsc, ['-p', folder]).catch((failed: { stdout: string }) => failed)
  expect(stdout).toBe('')
})
