import { describe, expect, it, vi } from 'vitest'
import { Silence, type SilenceLimit } from '../../src/engine/stall-watch.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function watched(limit: SilenceLimit) {
  const onTooLong = vi.fn()
  const owner = new AbortController()
  return { onTooLong, owner, silence: new Silence(limit, onTooLong, owner.signal) }
}

describe('Silence', () => {
  it('is not watched before the first sign', () => {
    const { onTooLong, silence } = watched(100)
    expect(silence.isWatched).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
  })

  it('tells of so much silence, once', () => {
    const { onTooLong, silence } = watched(100)
    silence.sign()
    vi.advanceTimersByTime(99)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(onTooLong.mock.calls).toEqual([[100, 100]])
  })

  it('begins anew with each sign, on one timer', () => {
    const { onTooLong, silence } = watched(100)
    for (let times = 0; times < 5; times += 1) {
      silence.sign()
      expect(vi.getTimerCount()).toBe(1)
      vi.advanceTimersByTime(99)
    }
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('does not count while it pauses', () => {
    const { onTooLong, silence } = watched(100)
    silence.sign()
    silence.pause()
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
    silence.sign()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('begins anew after a sleep', () => {
    const { onTooLong, silence } = watched(100)
    silence.sign()
    // The clock of the wall goes on while timers sleep.
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(100)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('sets a limit from the longest silence that was survived', () => {
    const { onTooLong, silence } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    silence.sign()
    vi.advanceTimersByTime(90)
    silence.sign()
    vi.advanceTimersByTime(179)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onTooLong.mock.calls).toEqual([[180, 180]])
  })

  it('begins to watch when there is a limit', () => {
    let limitMs = Number.POSITIVE_INFINITY
    const { onTooLong, silence } = watched(() => limitMs)
    silence.sign()
    expect(vi.getTimerCount()).toBe(0)
    limitMs = 100
    silence.sign()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('forgets what was when it is stopped', () => {
    const { onTooLong, silence } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    silence.sign()
    vi.advanceTimersByTime(90)
    silence.sign()
    silence.stop()
    expect(vi.getTimerCount()).toBe(0)
    silence.sign()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('ends with its owner, and does not begin again', () => {
    const { onTooLong, silence, owner } = watched(100)
    silence.sign()
    owner.abort()
    silence.sign()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
  })
})
