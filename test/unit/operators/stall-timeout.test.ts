import { stallTimeout, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

function start(limit: Parameters<typeof stallTimeout>[0]) {
  const wire = new WireSubject<string>()
  return { wire, session: record(wire.pipe(stallTimeout(limit))) }
}

describe('stallTimeout', () => {
  it('fails an open but silent wire with a retryable timeout', () => {
    const { wire, session } = start(1_000)
    wire.open()
    vi.advanceTimersByTime(999)
    expect(session.end).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(session.end).toMatchObject({ kind: 'timeout', retryable: true, message: expect.stringContaining('1000 ms') })
    expect(wire.observed).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<WireEvent<string>>([
    { type: 'message', data: 'a' },
    { type: 'progress', direction: 'download', loaded: 1 },
  ])('counts $type as activity', (event) => {
    const { wire, session } = start(1_000)
    wire.open()
    for (let sign = 0; sign < 10; sign++) {
      vi.advanceTimersByTime(999)
      wire.next(event)
    }
    expect(session.end).toBeUndefined()
    vi.advanceTimersByTime(999)
    expect(session.end).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })

  it('passes on every event unchanged', () => {
    const { wire, session } = start(1_000)
    wire.open()
    wire.messages('a')
    wire.next({ type: 'close', wasClean: true })
    expect(session.types()).toEqual(['connecting', 'open', 'message', 'close'])
    expect(session.data()).toEqual(['a'])
  })

  it('does not watch the time until open', () => {
    const { wire, session } = start(1_000)
    wire.next({ type: 'connecting', attempt: 0 })
    vi.advanceTimersByTime(100_000)
    expect(session.end).toBeUndefined()
    wire.next({ type: 'open' })
    vi.advanceTimersByTime(999)
    expect(session.end).toBeUndefined()
  })

  it('does not watch an upload before open', () => {
    const { wire, session } = start(1_000)
    wire.next({ type: 'connecting', attempt: 0 })
    wire.next({ type: 'progress', direction: 'upload', loaded: 1 })
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(session.end).toBeUndefined()
  })

  it('does not count the time before open as silence', () => {
    const gaps: number[] = []
    const { wire } = start((longestGapMs) => {
      gaps.push(longestGapMs)
      return 1_000
    })
    wire.next({ type: 'connecting', attempt: 0 })
    wire.next({ type: 'progress', direction: 'upload', loaded: 1 })
    vi.advanceTimersByTime(500)
    wire.next({ type: 'open' })
    expect(gaps).toEqual([0])
  })

  it.each<WireEvent<string>>([
    { type: 'waiting', attempt: 1, delayMs: 60_000, cause: 'offline' },
    { type: 'connecting', attempt: 1 },
    { type: 'close', wasClean: true },
  ])('does not watch after $type', (event) => {
    const { wire, session } = start(1_000)
    wire.open()
    vi.advanceTimersByTime(500)
    wire.next(event)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(100_000)
    expect(session.end).toBeUndefined()
  })

  it('runs one timer, however many messages arrive', () => {
    const { wire } = start(1_000)
    wire.open()
    wire.messages(...Array.from({ length: 100 }, () => 'x'))
    expect(vi.getTimerCount()).toBe(1)
  })

  it('calls a limit function with the longest silence that the connection survived', () => {
    const asked: number[] = []
    const { wire, session } = start((longestGapMs) => {
      asked.push(longestGapMs)
      return Math.max(1_000, 3 * longestGapMs)
    })
    wire.open()
    vi.advanceTimersByTime(900)
    wire.messages('a')
    vi.advanceTimersByTime(300)
    wire.messages('b')
    vi.advanceTimersByTime(2_699)
    expect(session.end).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(session.end).toMatchObject({ kind: 'timeout' })
    expect(new Set(asked)).toEqual(new Set([0, 900]))
  })

  it('forgets the silences of a connection when it ends', () => {
    const { wire, session } = start((longestGapMs) => 1_000 + longestGapMs)
    wire.open()
    vi.advanceTimersByTime(900)
    wire.messages('a')
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    wire.open()
    vi.advanceTimersByTime(1_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })

  it('does not watch while the limit function returns Infinity and calls it again on the next event', () => {
    let limitMs = Number.POSITIVE_INFINITY
    const { wire, session } = start(() => limitMs)
    wire.open()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(100_000)
    limitMs = 1_000
    wire.messages('a')
    vi.advanceTimersByTime(1_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })

  it('restarts the limit after a sleep during which timers did not run', () => {
    const { wire, session } = start(10_000)
    wire.open()
    vi.advanceTimersByTime(1_000)
    wire.messages('a')
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(9_000)
    expect(session.end).toBeUndefined()
    vi.advanceTimersByTime(9_999)
    expect(session.end).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })

  it('clears its timer when the subscriber unsubscribes', () => {
    const { wire, session } = start(1_000)
    wire.open()
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, -1, Number.NaN])('throws a TypeError for a limit of %d at the call', (limit) => {
    expect(() => stallTimeout(limit)).toThrow(TypeError)
    expect(() => stallTimeout(limit)).toThrow(/^stallTimeout must be/)
  })

  it('ignores a silence that was a sleep when it derives the limit', () => {
    const gaps: number[] = []
    const { wire } = start((gapMs) => {
      gaps.push(gapMs)
      return 1_000
    })
    wire.open()
    // The first event after a night: the clock has advanced, the timers did not run.
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    wire.messages('a')
    wire.messages('b')
    vi.advanceTimersByTime(1_000)
    expect(Math.max(...gaps)).toBe(0)
  })

  it('keeps watching when the clock is set back', () => {
    const { wire, session } = start(1_000)
    wire.open()
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(2_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })
})
