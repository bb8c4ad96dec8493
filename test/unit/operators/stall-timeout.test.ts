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
  it('fails a wire that is open but silent, with a retryable timeout', () => {
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
  ])('takes $type for a sign of life', (event) => {
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

  it('hands every event on as it is', () => {
    const { wire, session } = start(1_000)
    wire.open()
    wire.messages('a')
    wire.next({ type: 'close', wasClean: true })
    expect(session.types()).toEqual(['connecting', 'open', 'message', 'close'])
    expect(session.data()).toEqual(['a'])
  })

  it('does not watch the time before open', () => {
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

  it('takes nothing before open for a silence', () => {
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

  it('sets one timer at a time, however many messages come', () => {
    const { wire } = start(1_000)
    wire.open()
    wire.messages(...Array.from({ length: 100 }, () => 'x'))
    expect(vi.getTimerCount()).toBe(1)
  })

  it('asks a function for the limit, with the longest silence that was survived', () => {
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

  it('forgets the silences of a connection with it', () => {
    const { wire, session } = start((longestGapMs) => 1_000 + longestGapMs)
    wire.open()
    vi.advanceTimersByTime(900)
    wire.messages('a')
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    wire.open()
    vi.advanceTimersByTime(1_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })

  it('does not watch while the function says Infinity, and asks again with the next event', () => {
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

  it('begins the limit anew after a sleep in which timers stood still', () => {
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

  it('leaves no timer behind a subscriber who leaves', () => {
    const { wire, session } = start(1_000)
    wire.open()
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, -1, Number.NaN])('refuses a limit of %d at the call', (limit) => {
    expect(() => stallTimeout(limit)).toThrow(TypeError)
    expect(() => stallTimeout(limit)).toThrow(/^stallTimeout must be/)
  })

  it('learns nothing from a silence that was a sleep', () => {
    const gaps: number[] = []
    const { wire } = start((gapMs) => {
      gaps.push(gapMs)
      return 1_000
    })
    wire.open()
    // The clock goes on, the timers do not: the first event after a night.
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    wire.messages('a')
    wire.messages('b')
    vi.advanceTimersByTime(1_000)
    expect(Math.max(...gaps)).toBe(0)
  })

  it('goes on watching when the clock is set back', () => {
    const { wire, session } = start(1_000)
    wire.open()
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(2_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
  })
})
