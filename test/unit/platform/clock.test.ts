import { describe, expect, it, vi } from 'vitest'
import { after, now, wallClock } from '../../../src/platform/clock.ts'
import { START_MS, virtualTime } from '../support/virtual-time.ts'

virtualTime()

describe('clock', () => {
  it('measures durations by a clock that is never set', () => {
    const startMs = now()
    vi.advanceTimersByTime(250)
    vi.setSystemTime(START_MS - 3_600_000)
    vi.advanceTimersByTime(250)
    expect(now() - startMs).toBe(500)
  })

  it('returns the milliseconds since the epoch as the time of day', () => {
    vi.advanceTimersByTime(250)
    expect(wallClock()).toBe(START_MS + 250)
  })

  it.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])('takes a delay of %s ms for none', (delayMs) => {
    const run = vi.fn()
    after(delayMs, run)
    vi.advanceTimersByTime(0)
    expect(run).toHaveBeenCalledExactlyOnceWith(0)
  })

  it('calls back once, when the delay is over', () => {
    const run = vi.fn()
    after(100, run)
    vi.advanceTimersByTime(99)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('reports how late the call is by the wall clock, which runs while timers sleep', () => {
    const run = vi.fn()
    after(100, run)
    vi.setSystemTime(START_MS + 3_600_000)
    vi.advanceTimersByTime(100)
    expect(run).toHaveBeenCalledWith(3_600_000)
  })

  it('does not call back after it was cancelled', () => {
    const run = vi.fn()
    const cancel = after(100, run)
    cancel()
    cancel()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(run).not.toHaveBeenCalled()
  })

  it.each([2 ** 31, Number.POSITIVE_INFINITY])('clamps a delay of %d ms to the longest timer', (delayMs) => {
    const setTimeout = vi.spyOn(globalThis, 'setTimeout')
    const cancel = after(delayMs, () => {})
    expect(setTimeout.mock.calls[0]?.[1]).toBe(2 ** 31 - 1)
    setTimeout.mockRestore()
    cancel()
  })
})
