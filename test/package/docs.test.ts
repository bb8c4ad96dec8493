import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { withAbsoluteLinks, withRelativeLinks } from '../../.ci/readme-links.ts'
import { CloseError, type WireErrorKind } from '../../src/errors.ts'
import { isRestarting } from '../../src/policy/backoff.ts'
import { closeVerdict } from '../../src/policy/close-code.ts'
import { closeName } from '../../src/policy/close-name.ts'
import { measuredTable, printedTable } from './readme-figures.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const sources = globSync('{src,adapters}/**/*.{ts,tsx}', { cwd: root })
const pages = ['README.md', ...globSync('storybook/docs/**/*.mdx', { cwd: root })]

const said = { complete: 'completes', reconnect: 'reconnects', refresh: 'refreshes', fail: 'fails' } as const

it('lists every known close code with its meaning and what the library does', () => {
  const rows = [...read('storybook/docs/reference/close-codes.mdx').matchAll(/^\| (\d{4}) \| ([^|]+) \| ([^|]+) \|/gm)]
  const told = rows.map(([, code, meaning, verdict]) => [Number(code), meaning, verdict])
  const codes = Array.from({ length: 4_000 }, (_, index) => index + 1_000)
  const known = codes.filter((code) => closeName(code) !== undefined)
  expect(told).toEqual(known.map((code) => [code, closeName(code), verdictInWords(code)]))
})

function verdictInWords(code: number): string {
  const isWide = isRestarting(new CloseError('', { code, wasClean: true }))
  return said[closeVerdict(code)] + (isWide ? ', wide first window' : '')
}

const kinds = {
  network: true,
  http: true,
  closed: true,
  timeout: true,
  truncated: true,
  decode: true,
  overflow: true,
  auth: true,
  unrepeatable: true,
} as const satisfies Record<WireErrorKind, true>

const errorPage = read('storybook/docs/reference/errors.mdx')

it('lists every kind of error', () => {
  const told = [...errorPage.matchAll(/^## ([a-z]+)$/gm)].map(([, kind]) => kind)
  expect(told).toEqual(Object.keys(kinds))
})

// A table row of a chapter starts with a part of the message, as written in the source.
const chapters = errorPage.slice(errorPage.indexOf('## network'))
const toldWords = [...chapters.matchAll(/^\| `([^`]+)`/gm)].map(([, words = '']) => words)

it('lists every error message', () => {
  // `changedError` and `fromPlain` copy the message of another error.
  const speaking = sources.filter((file) => !['src/errors.ts', 'src/plain.ts'].includes(file))
  const untold = speaking.flatMap((file) => {
    const code = inOnePiece(read(file))
    return [...code.matchAll(/new (?:Wire|Http|Close)Error(?=\()/g)]
      .map(({ index }) => messageMadeAt(code, index))
      .filter((message) => !toldWords.some((words) => message.includes(words)))
      .map((message) => `${file}: ${message}`)
  })
  expect(untold).toEqual([])
})

/** The code that builds the message of the error that is created at `start`. */
function messageMadeAt(code: string, start: number): string {
  const call = code.slice(start, endOfCall(code, start))
  // The text is in the call, in a variable right before it, or elsewhere in the file.
  if (/, message\)?/.test(call)) return code.slice(code.lastIndexOf('message =', start), start)
  return /['`]/.test(call) ? call : code
}

function endOfCall(code: string, start: number): number {
  let depth = 0
  for (let at = code.indexOf('(', start); at < code.length; at += 1) {
    if (code[at] === '(') depth += 1
    if (code[at] === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  return code.length
}

it('quotes no error message that the sources do not contain', () => {
  const all = inOnePiece(sources.map(read).join('\n'))
  expect(toldWords.filter((words) => !all.includes(words))).toEqual([])
})

/** Joins string literals that the source concatenates over several lines. */
function inOnePiece(code: string): string {
  return code.replace(/['`"] \+\s*['`"]/g, '')
}

it('lists every hint topic', () => {
  const topics = sources.flatMap((file) => [...read(file).matchAll(/\bhint\(\s*'([^']+)'/g)].map(([, topic]) => topic))
  const told = [...read('storybook/docs/reference/hints.mdx').matchAll(/^\| `([^`]+)`/gm)].map(([, topic]) => topic)
  expect(told.sort()).toEqual(topics.sort())
})

it('prints the examples of the test kit as they run', () => {
  const page = read('storybook/docs/tasks/testing.mdx')
  const printed = [...page.matchAll(/^```tsx? file=(\S+)\n(.*?)^```/gms)]
  const files = globSync('test/testing/examples/*', { cwd: root }).map((file) => basename(file))
  expect(printed.map(([, file]) => file).sort()).toEqual(files.sort())
  for (const [, file, code] of printed) expect(code).toBe(read(`test/testing/examples/${file}`))
})

it('prints the server in Go as the contract tests build it', () => {
  const [, code] = /^```go file=server\.go\n(.*?)^```/ms.exec(read('storybook/docs/recipes/go.mdx')) ?? []
  expect(code).toBe(read('test/contract/go-sse-server.go'))
})

it('has no broken link', () => {
  const broken = pages.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https?:/.test(link) && !leadsSomewhere(page, link))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

it('links between pages in a way that Storybook resolves', () => {
  const others = pages.flatMap((page) =>
    page === 'README.md'
      ? []
      : [...withoutCode(read(page)).matchAll(/\]\((\.[^)\s]+)\)/g)].map(([, link = '']) => ({ page, link })),
  )
  const bySight = others.map(({ page, link }) => `${page}: ${join(dirname(page), link)}`)
  const byPattern = others.map(({ page, link }) => `${page}: storybook/docs/${link.replace(/^(\.\.?\/)+/, '')}`)
  expect(byPattern).toEqual(bySight)
})

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, '')
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  if (anchor === undefined) return true
  const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return headings.some(
    (heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-') === anchor,
  )
}

it('leads from the README to every page, except the tables of options', () => {
  const reached = new Set(['README.md'])
  // A set also visits what is added during the loop.
  for (const page of reached) {
    for (const [, link = ''] of withoutCode(read(page)).matchAll(/\]\(([^)\s#]+\.mdx?)(?:#[^)]*)?\)/g)) {
      const target = join(dirname(page), link)
      if (existsSync(join(root, target))) reached.add(target)
    }
  }
  const written = pages.filter((page) => !page.startsWith('storybook/docs/api/'))
  expect(written.filter((page) => !reached.has(page))).toEqual([])
})

it('has a README of less than 150 lines, with the figures of RESULTS.md', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThan(150)
  expect(printedTable()).toBe(measuredTable())
})

it('publishes a README whose links are absolute once package.json names a repository', () => {
  const readme = read('README.md')
  const named = ['git+https://github.com/someone/rxwire.git', '1.2.3'] as const
  const published = withAbsoluteLinks(readme, ...named)
  const links = [...published.matchAll(/\]\(([^)\s]+)\)|src(?:set)?="([^"]+)"/g)].map(
    ([, page, picture]) => page ?? picture,
  )
  expect(links.length).toBeGreaterThan(5)
  expect(links.filter((link) => !link?.startsWith('https://'))).toEqual([])
  expect(published).toContain('(https://github.com/someone/rxwire/blob/v1.2.3/storybook/docs/start.mdx)')
  expect(published).toMatch(
    /srcset="https:\/\/raw\.githubusercontent\.com\/someone\/rxwire\/v1\.2\.3\/storybook\/docs\//,
  )
  expect(withRelativeLinks(published, ...named)).toBe(readme)
  expect(withAbsoluteLinks(readme, 'git+https://github.com/OWNER/rxwire.git', '1.2.3')).toBe(readme)
})
