import { describe, expect, it, vi } from 'vitest'
import { type StallLimit, StallWatch, watchForStall } from '../../src/engine/stall-watch.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function watched(limit: StallLimit) {
  const onTooLong = vi.fn()
  const owner = new AbortController()
  return { onTooLong, owner, watch: new StallWatch(limit, onTooLong, owner.signal) }
}

describe('StallWatch', () => {
  it('does not watch before the first activity', () => {
    const { onTooLong, watch } = watched(100)
    expect(watch.isWatching).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
  })

  it('reports a stall once when the limit is reached', () => {
    const { onTooLong, watch } = watched(100)
    watch.activity()
    vi.advanceTimersByTime(99)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(onTooLong.mock.calls).toEqual([[100, 100]])
  })

  it('restarts with each activity on one timer', () => {
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

  it('does not count the time while it is paused', () => {
    const { onTooLong, watch } = watched(100)
    watch.activity()
    watch.pause()
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('restarts after a sleep', () => {
    const { onTooLong, watch } = watched(100)
    watch.activity()
    // The wall clock runs while timers sleep.
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(100)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('derives its limit from the longest silence that the connection survived', () => {
    const { onTooLong, watch } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    watch.activity()
    vi.advanceTimersByTime(90)
    watch.activity()
    vi.advanceTimersByTime(179)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onTooLong.mock.calls).toEqual([[180, 180]])
  })

  it('derives its limit from the longest silence, not from the last one', () => {
    const { onTooLong, watch } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    watch.activity()
    vi.advanceTimersByTime(90)
    watch.activity()
    vi.advanceTimersByTime(10)
    watch.activity()
    vi.advanceTimersByTime(179)
    expect(onTooLong).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onTooLong.mock.calls).toEqual([[180, 180]])
  })

  it('does not derive its limit from a sleep', () => {
    const { onTooLong, watch } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    watch.activity()
    // The wall clock runs while timers sleep. The activity arrives before the late timer fires.
    vi.setSystemTime(Date.now() + 3_600_000)
    watch.activity()
    vi.advanceTimersByTime(200)
    expect(onTooLong.mock.calls).toEqual([[100, 100]])
  })

  it('says whether it is watching', () => {
    const { watch } = watched(100)
    watch.activity()
    expect(watch.isWatching).toBe(true)
    watch.pause()
    expect(watch.isWatching).toBe(false)
  })

  it('starts to watch once the limit is finite', () => {
    let limitMs = Number.POSITIVE_INFINITY
    const { onTooLong, watch } = watched(() => limitMs)
    watch.activity()
    expect(vi.getTimerCount()).toBe(0)
    limitMs = 100
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('forgets earlier silences when it is stopped', () => {
    const { onTooLong, watch } = watched((longestGapMs) => Math.max(100, 2 * longestGapMs))
    watch.activity()
    vi.advanceTimersByTime(90)
    watch.activity()
    watch.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(500)
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('can be stopped before it starts, and needs no signal', () => {
    const onTooLong = vi.fn()
    const watch = new StallWatch(100, onTooLong)
    watch.stop()
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(onTooLong).toHaveBeenCalledOnce()
  })

  it('stops when its owner aborts and does not start again', () => {
    const { onTooLong, watch, owner } = watched(100)
    watch.activity()
    owner.abort()
    watch.activity()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(onTooLong).not.toHaveBeenCalled()
  })
})

describe('watchForStall', () => {
  it('fails a silent attempt with a retryable timeout that names both times', () => {
    const fail = vi.fn()
    const watch = watchForStall({ signal: new AbortController().signal, fail }, 100)
    watch.activity()
    vi.advanceTimersByTime(100)
    expect(fail).toHaveBeenCalledOnce()
    expect(fail.mock.calls[0]?.[0]).toMatchObject({
      kind: 'timeout',
      retryable: true,
      message: expect.stringContaining('silent for 100 ms'),
    })
  })

  it('stops with the attempt', () => {
    const fail = vi.fn()
    const controller = new AbortController()
    watchForStall({ signal: controller.signal, fail }, 100).activity()
    controller.abort()
    vi.advanceTimersByTime(1_000)
    expect(fail).not.toHaveBeenCalled()
  })
})
