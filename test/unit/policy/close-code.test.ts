import { describe, expect, it } from 'vitest'
import {
  type CloseCodes,
  type CloseVerdict,
  closeVerdict,
  normalizeClose,
  requireCloseCodes,
} from '../../../src/policy/close-code.ts'
import { closeName } from '../../../src/policy/close-name.ts'

const table: Record<CloseVerdict, Record<number, string>> = {
  complete: { 1000: 'normal closure' },
  reconnect: {
    1001: 'going away',
    1005: 'no status received',
    1006: 'abnormal closure',
    1011: 'internal error',
    1012: 'service restart',
    1013: 'try again later',
    1014: 'bad gateway',
    3008: 'timeout',
  },
  refresh: { 3000: 'unauthorized' },
  fail: {
    1002: 'protocol error',
    1003: 'unsupported data',
    1007: 'invalid payload data',
    1008: 'policy violation',
    1009: 'message too big',
    1010: 'mandatory extension',
    3003: 'forbidden',
  },
}

const rows = Object.entries(table).flatMap(([verdict, codes]) =>
  Object.entries(codes).map(([code, meaning]) => [Number(code), meaning, verdict as CloseVerdict] as const),
)
const unlisted = [0, 999, 1004, 1015, 1016, 1100, 2999, 3001, 3002, 3004, 3009, 4000, 4999]

describe('closeVerdict', () => {
  it.each(rows)('maps %i (%s) to "%s"', (code, meaning, verdict) => {
    expect(closeVerdict(code)).toBe(verdict)
    expect(closeName(code)).toBe(meaning)
  })

  it.each(unlisted)('maps the unlisted code %i to "reconnect"', (code) => {
    expect(closeVerdict(code)).toBe('reconnect')
    expect(closeName(code)).toBeUndefined()
  })

  it('lists every code that a connection may end with exactly once', () => {
    const listed = Array.from({ length: 5_000 }, (_, code) => code).filter((code) => closeName(code) !== undefined)
    expect(listed).toEqual(rows.map(([code]) => code).toSorted((one, other) => one - other))
  })

  it.each<[number, CloseVerdict]>([
    [4001, 'fail'],
    [4002, 'refresh'],
    [1000, 'reconnect'],
    [1006, 'complete'],
  ])('lets the caller map %i to "%s"', (code, verdict) => {
    const overruled = { 4001: 'fail', 4002: 'refresh', 1000: 'reconnect', 1006: 'complete' } as const
    expect(closeVerdict(code, overruled)).toBe(verdict)
  })

  it.each([7, 'retry', {}, Promise.resolve('fail')])('refuses the result %o of a function by name', (result) => {
    expect(() => closeVerdict(4001, () => result as CloseVerdict)).toThrow('closeCodes must return a verdict')
  })

  it('uses the table for codes that the caller does not map', () => {
    expect(closeVerdict(1008, { 4001: 'complete' })).toBe('fail')
    expect(closeVerdict(4003, { 4001: 'complete' })).toBe('reconnect')
  })
})

describe('requireCloseCodes', () => {
  it.each<[CloseCodes | undefined]>([
    [undefined],
    [{}],
    [{ 1000: 'reconnect', 1999: 'complete', 3000: 'refresh', 4999: 'fail' }],
  ])('accepts %j', (codes) => {
    expect(() => requireCloseCodes(codes)).not.toThrow()
  })

  it.each(['0', '999', '5000', '10000', '-1000', '1000.5', 'normal', '0999', '04001', ''])(
    'throws a TypeError for the code "%s"',
    (code) => {
      expect(() => requireCloseCodes({ [code]: 'fail' } as CloseCodes)).toThrow(
        new TypeError(`closeCodes: ${code} is not a close code`),
      )
    },
  )

  it.each([['retry'], [true], [null], [() => 'fail']])('throws for the verdict %s and names the code', (verdict) => {
    const codes = { 4001: 'fail', 4002: verdict } as unknown as CloseCodes
    expect(() => requireCloseCodes(codes)).toThrow(TypeError)
    expect(() => requireCloseCodes(codes)).toThrow("closeCodes: 4002 must be one of 'complete', 'reconnect'")
  })
})

describe('normalizeClose', () => {
  it.each([1004, 1006, 1015, 1016, 2000, 2999])('replaces %i, which no close frame may carry, with 1006', (code) => {
    expect(normalizeClose({ code, reason: 'because', wasClean: true })).toEqual({
      code: 1006,
      reason: '',
      wasClean: false,
    })
  })

  it.each([1000, 1001, 1003, 1005, 1007, 1014, 3000, 4999])('keeps %i', (code) => {
    const ending = { code, reason: 'because', wasClean: true }
    expect(normalizeClose(ending)).toEqual(ending)
  })

  it('keeps a close that the host itself reports', () => {
    const ending = { code: 1015, reason: '', wasClean: false }
    expect(normalizeClose(ending)).toEqual(ending)
  })
})
