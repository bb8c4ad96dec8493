import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delayWithin, isWindow } from '../../../src/policy/backoff.ts'

const ms = fc.nat(600_000)
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('delayWithin', () => {
  it.each([
    { window: { floorMs: 100, spanMs: 1_000 }, server: 0, random: 0, delay: 100 },
    { window: { floorMs: 100, spanMs: 1_000 }, server: 0, random: 0.25, delay: 350 },
    { window: { floorMs: 0, spanMs: 0 }, server: 0, random: 0.9, delay: 0 },
    { window: { floorMs: 100, spanMs: 1_000 }, server: 10, random: 0, delay: 100 },
    { window: { floorMs: 100, spanMs: 0 }, server: 500, random: 0.5, delay: 1_000 },
    { window: { floorMs: 100, spanMs: 1_000 }, server: 30_000, random: 0, delay: 30_000 },
    { window: { floorMs: 100, spanMs: 1_000 }, server: 30_000, random: 0.5, delay: 37_500 },
    { window: { floorMs: 100, spanMs: 40_000 }, server: 30_000, random: 0.5, delay: 50_000 },
  ])('waits $delay ms in $window when the server asks for $server ms and random returns $random', (row) => {
    expect(delayWithin(row.window, row.server, () => row.random)).toBe(row.delay)
  })

  it('returns the floor plus the drawn part of the span, neither rounded nor clamped', () => {
    fc.assert(
      fc.property(ms, ms, unit, (floorMs, spanMs, drawn) => {
        expect(delayWithin({ floorMs, spanMs }, 0, () => drawn)).toBe(floorMs + drawn * spanMs)
      }),
    )
  })

  it('stays within the window for any delay that the server asks for', () => {
    fc.assert(
      fc.property(ms, ms, ms, unit, (floorMs, spanMs, server, drawn) => {
        const delay = delayWithin({ floorMs, spanMs }, server, () => drawn)
        const floor = Math.max(floorMs, server)
        expect(delay).toBeGreaterThanOrEqual(floor)
        expect(delay).toBeLessThanOrEqual(floor + Math.max(spanMs, server * 0.5, server > 0 ? 1_000 : 0))
      }),
    )
  })

  it('spreads clients: different draws give different delays, also on top of a delay of the server', () => {
    fc.assert(
      fc.property(ms, fc.integer({ min: 1, max: 600_000 }), ms, unit, unit, (floorMs, spanMs, server, one, other) => {
        fc.pre(Math.abs(one - other) > 1e-6)
        const window = { floorMs, spanMs }
        const difference = delayWithin(window, server, () => one) - delayWithin(window, server, () => other)
        expect(Math.sign(difference)).toBe(Math.sign(one - other))
      }),
    )
  })

  it('calls random exactly once', () => {
    let draws = 0
    delayWithin({ floorMs: 1, spanMs: 1 }, 1, () => {
      draws += 1
      return 0
    })
    expect(draws).toBe(1)
  })
})

describe('isWindow', () => {
  it.each([
    { floorMs: Number.NaN, spanMs: 1 },
    { floorMs: 1, spanMs: Number.NaN },
    { floorMs: -1, spanMs: 1 },
    { floorMs: Number.POSITIVE_INFINITY, spanMs: 1 },
    { floorMs: '1', spanMs: 1 },
    { floorMs: 1 },
    {},
    undefined,
    null,
    7,
  ])('returns false for %o', (window) => {
    expect(isWindow(window)).toBe(false)
  })

  it('returns true for zeros', () => {
    expect(isWindow({ floorMs: 0, spanMs: 0 })).toBe(true)
  })
})
