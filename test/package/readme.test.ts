import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { CloseError } from '../../src/errors.ts'
import { closeMeaning, closeVerdict } from '../../src/policy/close-code.ts'
import { isRestarting } from '../../src/policy/restarting.ts'

const said = { complete: 'completes', reconnect: 'reconnects', refresh: 'refreshes', fail: 'fails' } as const

it('says of each close code what the library does', async () => {
  const readme = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| (\d{4}) \| ([^|]+) \| ([^|]+) \|/gm)]
  const told = rows.map(([, code, meaning, verdict]) => [Number(code), meaning, verdict])
  const codes = Array.from({ length: 4_000 }, (_, index) => index + 1_000)
  const known = codes.filter((code) => closeMeaning(code) !== undefined)
  expect(told).toEqual(known.map((code) => [code, closeMeaning(code), verdictInWords(code)]))
})

function verdictInWords(code: number): string {
  const isWide = isRestarting(new CloseError('', { code, wasClean: true }))
  return said[closeVerdict(code)] + (isWide ? ', wide first window' : '')
}
