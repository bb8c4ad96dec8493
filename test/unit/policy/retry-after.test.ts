import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { parseRetryAfter, retryAfterOf } from '../../../src/policy/retry-after.ts'

// Half a minute before the example date of RFC 9110 §5.6.7.
const nowMs = Date.UTC(1994, 10, 6, 8, 49, 7)

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['007', 7_000],
    ['2.0', 2_000],
    ['1.5', 1_500],
    ['0.0001', 1],
  ])('reads %j as seconds', (value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected)
  })

  it.each([
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['asctime', 'Sun Nov  6 08:49:37 1994'],
  ])('reads a date written as %s', (_, value) => {
    expect(parseRetryAfter(value, nowMs)).toBe(30_000)
  })

  it.each(['UTC', 'America/New_York', 'Asia/Tokyo'])('reads asctime as GMT in the time zone %s', (zone) => {
    vi.stubEnv('TZ', zone)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    expect(parseRetryAfter('Sun Nov  6 08:49:37 1994', nowMs)).toBe(30_000)
  })

  it('returns a finite delay for seconds beyond the range of a number', () => {
    expect(parseRetryAfter('9'.repeat(400), nowMs)).toSatisfy(Number.isFinite)
  })

  it('returns 0 for a date in the past', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:06 GMT', nowMs)).toBe(0)
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:07 GMT', nowMs)).toBe(0)
  })

  it.each([
    null,
    '',
    '   ',
    '-1',
    '+5',
    '1.5.2',
    '.5',
    '1e3',
    '0x10',
    '5 s',
    '5, 10',
    '１２',
    'soon',
    'Soon enough',
    'Later 2099',
    'Foo 1',
    'Monday 12',
    'May 5',
    '1994-11-06T08:49:37Z',
    '06 Nov 1994 08:49:37 GMT',
    'Sun, 66 Nov 1994 08:49:37 GMT',
    'not before Sun, 06 Nov 1994 08:49:37 GMT',
  ])('returns undefined for %j', (value) => {
    expect(parseRetryAfter(value, nowMs)).toBeUndefined()
  })

  it('returns undefined or a finite delay for any text', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'Sun, 06Nov-94:GMT .e+') })
    fc.assert(
      fc.property(fc.oneof(fc.string(), letters, fc.nat().map(String)), fc.nat(4e12), (value, atMs) => {
        const waitMs = parseRetryAfter(value, atMs)
        if (waitMs === undefined) return
        expect(Number.isFinite(waitMs)).toBe(true)
        expect(waitMs).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads every date in the HTTP format', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 0, max: 4e9 }), (nowS, thenS) => {
        const waitMs = parseRetryAfter(new Date(thenS * 1_000).toUTCString(), nowS * 1_000)
        expect(waitMs).toBe(Math.max(0, (thenS - nowS) * 1_000))
      }),
    )
  })
})

describe('retryAfterOf', () => {
  const nowMs = Date.UTC(1994, 10, 6, 8, 0, 0)
  const retryAfter = 'Sun, 06 Nov 1994 08:49:37 GMT'

  it('compares a date with the Date header of the server', () => {
    const headers = new Headers({ date: 'Sun, 06 Nov 1994 08:49:07 GMT', 'retry-after': retryAfter })
    expect(retryAfterOf(headers, nowMs)).toBe(30_000)
  })

  it('compares a date with the local clock if there is no Date header', () => {
    expect(retryAfterOf(new Headers({ 'retry-after': retryAfter }), nowMs)).toBe((49 * 60 + 37) * 1_000)
  })

  it('returns undefined for a response without Retry-After', () => {
    expect(retryAfterOf(new Headers({ date: retryAfter }), nowMs)).toBeUndefined()
  })
})
