import { describe, expect, it, vi } from 'vitest'
import { SilenceLimit } from '../../../src/http/silence-limit.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

function limited(limitMs: number | undefined) {
  const onSilence = vi.fn()
  const owner = new AbortController()
  return { onSilence, owner, limit: new SilenceLimit(limitMs, owner.signal, onSilence) }
}

describe('SilenceLimit', () => {
  it('speaks after so much silence, once', () => {
    const { onSilence } = limited(100)
    vi.advanceTimersByTime(99)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000)
    expect(onSilence).toHaveBeenCalledOnce()
  })

  it('counts anew whenever something has happened', () => {
    const { onSilence, limit } = limited(100)
    for (let times = 0; times < 5; times += 1) {
      vi.advanceTimersByTime(99)
      limit.begin()
    }
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(100)
    expect(onSilence).toHaveBeenCalledOnce()
  })

  it('does not count while nobody waits', () => {
    const { onSilence, limit } = limited(100)
    limit.broken()
    vi.advanceTimersByTime(1_000)
    expect(onSilence).not.toHaveBeenCalled()
    limit.begin()
    vi.advanceTimersByTime(100)
    expect(onSilence).toHaveBeenCalledOnce()
  })

  it('ends with its owner, and does not begin again', () => {
    const { onSilence, limit, owner } = limited(100)
    owner.abort()
    limit.begin()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(onSilence).not.toHaveBeenCalled()
  })

  it('sets no timer without a limit', () => {
    limited(undefined).limit.begin()
    expect(vi.getTimerCount()).toBe(0)
  })
})
