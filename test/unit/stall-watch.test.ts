import { describe, expect, it, vi } from 'vitest'
import { type StallLimit, StallWatch } from '../../src/engine/stall-watch.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function watched(limit: StallLimit) {
  const onTooLong = vi.fn()
  const owner = new AbortController()
  return { onTooLong, owner, watch: new StallWatch(limit, onTooLong, owner.signal) }
}

describe('Silence', () => {
  it('is not watched before the first sign', () => {
    const { onTooLong, watch } = watched(100)
    expect(watch.isWatching).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
  })

  it('tells of so much watch, once', () => {
    const { onTooLong, watch } = watched(100)
    watch.activity()
    vi.advanceTimersByTime(99)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(onTooLong.mock.calls).toEqual([[100, 100]])
  })

  it('begins anew with each sign, on one timer', () => {
    const { onTooLong, watch } = watched(100)
    for (let times = 0; times < 5; times += 1) {
      watch.activity()
      expect(vi.getTimerCount()).toBe(1)
      vi.advanceTimersByTime(99)
    }
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('does not count while it pauses', () => {
    const { onTooLong, watch } = watched(100)
    watch.activity()
    watch.pause()
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('begins anew after a sleep', () => {
    const { onTooLong, watch } = watched(100)
    watch.activity()
    // The clock of the wall goes on while timers sleep.
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(100)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('sets a limit from the longest silence that was survived', () => {
    const { onTooLong, watch } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    watch.activity()
    vi.advanceTimersByTime(90)
    watch.activity()
    vi.advanceTimersByTime(179)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onTooLong.mock.calls).toEqual([[180, 180]])
  })

  it('begins to watch when there is a limit', () => {
    let limitMs = Number.POSITIVE_INFINITY
    const { onTooLong, watch } = watched(() => limitMs)
    watch.activity()
    expect(vi.getTimerCount()).toBe(0)
    limitMs = 100
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('forgets what was when it is stopped', () => {
    const { onTooLong, watch } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    watch.activity()
    vi.advanceTimersByTime(90)
    watch.activity()
    watch.stop()
    expect(vi.getTimerCount()).toBe(0)
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('ends with its owner, and does not begin again', () => {
    const { onTooLong, watch, owner } = watched(100)
    watch.activity()
    owner.abort()
    watch.activity()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
  })
})
