import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readOptions } from '../../storybook/reference/read-options.ts'
import { readPages } from '../../storybook/site/read-pages.ts'
import { optionTables, searchRecords } from '../../storybook/site/site-data.ts'

const root = resolve(import.meta.dirname, '../..')
const all = readOptions()
const shown = readPages(root).flatMap(({ file, sections }) =>
  sections.flatMap(({ heading, shows }) => shows.map((options) => ({ ...options, file, heading }))),
)
const keys = new Set(shown.map(({ from, of }) => `${from} ${of}`))
const documented = all.filter(({ kind, from, name }) => kind === 'function' || keys.has(`${from} ${name}`))
const rows = documented.flatMap(({ from, name, groups }) =>
  groups.flatMap(({ options }) => options.map((option) => ({ ...option, at: `${from} ${name}: ${option.name}` }))),
)

it('shows a table for every exported function that has options', () => {
  const withOptions = all.filter(({ kind, groups }) => kind === 'function' && groups.length > 0)
  expect(withOptions.length).toBeGreaterThan(70)
  expect(withOptions.map(({ from, name }) => `${from} ${name}`).filter((key) => !keys.has(key))).toEqual([])
})

it('shows no table twice, and only of what is exported', () => {
  expect(shown.length).toBe(keys.size)
  const exported = new Set(all.map(({ from, name }) => `${from} ${name}`))
  expect([...keys].filter((key) => !exported.has(key))).toEqual([])
})

it('shows a table below a heading with the name of its function', () => {
  expect(shown.filter(({ of, heading }) => of !== heading)).toEqual([])
})

it('leaves options out of a table only if the table of another function has them', () => {
  const tables = optionTables(root)
  for (const { except } of shown) {
    if (except !== undefined) expect(tables[`rxwire ${except}`]?.page, except).toBeDefined()
  }
})

it('describes every function and every option', () => {
  expect(documented.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([])
  expect(rows.length).toBeGreaterThan(500)
  expect(rows.filter(({ text }) => text === '').map(({ at }) => at)).toEqual([])
})

it('names the default of every option that may be left out', () => {
  const silent = rows.filter((row) => !row.isRequired && row.default === undefined)
  expect(silent.map(({ at }) => at)).toEqual([])
})

it.each([
  ['rxwire fromEventSource', 'maxEventLength', '8 Mi'],
  ['rxwire fromEventSource', 'stallTimeoutMs', "`'auto'`"],
  ['rxwire fromEventSource', 'onGone', "`'fail'`"],
  ['rxwire fromWebSocket', 'binaryType', "`'arraybuffer'`"],
  ['rxwire fromEventSource', 'query', 'none'],
  ['rxwire batch', 'per', "`'frame'`"],
])('reads from the TSDoc of %s that the default of %s is %s', (key, option, value) => {
  const row = rows.find(({ at }) => at === `${key}: ${option}`)
  expect(row?.default).toBe(value)
})

it('has the options of a function in the text that the search reads', () => {
  const records = searchRecords(root)
  expect(records.find(({ heading }) => heading === 'fromEventSource')?.text).toContain('lastEventIdQuery')
})
