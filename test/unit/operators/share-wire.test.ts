import { defer, finalize, Observable, repeat } from 'rxjs'
import { type ShareWireOptions, shareWire, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

/** A shared wire whose connections are counted. */
function start(options?: ShareWireOptions) {
  let wire = new WireSubject<string>()
  const counts = { opened: 0, closed: 0 }
  const shared = defer(() => {
    counts.opened += 1
    wire = new WireSubject()
    return wire.pipe(
      finalize(() => {
        counts.closed += 1
      }),
    )
  }).pipe(shareWire(options))
  return { shared, counts, wire: () => wire }
}

const connecting: WireEvent<string> = { type: 'connecting', attempt: 1 }
const open: WireEvent<string> = { type: 'open', status: 200 }
const waiting: WireEvent<string> = { type: 'waiting', attempt: 1, delayMs: 5, cause: 'offline' }
const message: WireEvent<string> = { type: 'message', data: 'a' }
const progress: WireEvent<string> = { type: 'progress', direction: 'download', loaded: 1 }

describe('shareWire', () => {
  it('opens one connection for all subscribers', () => {
    const { shared, counts, wire } = start()
    expect(counts.opened).toBe(0)
    const sessions = [record(shared), record(shared)]
    expect(counts.opened).toBe(1)
    wire().messages('a')
    expect(sessions.map((session) => session.data())).toEqual([['a'], ['a']])
  })

  it.each<[string, WireEvent<string>[], WireEvent<string>[]]>([
    ['connecting', [connecting], [connecting]],
    ['open', [connecting, open], [connecting, open]],
    ['open for long', [connecting, open, message, progress], [connecting, open]],
    ['waiting', [connecting, open, message, waiting], [connecting, waiting]],
    ['waiting, after two waiting events', [connecting, waiting, waiting], [connecting, waiting]],
    ['connecting again', [connecting, open, waiting, connecting], [connecting]],
    ['open again', [connecting, open, waiting, connecting, open], [connecting, open]],
  ])('replays the state to a late subscriber without the messages: %s', (_, before, told) => {
    const { shared, wire } = start()
    record(shared)
    for (const event of before) wire().next(event)
    const late = record(shared)
    expect(late.events).toEqual(told)
    wire().messages('new')
    expect(late.data()).toEqual(['new'])
  })

  it('closes the connection when the last subscriber unsubscribes', () => {
    const { shared, counts } = start()
    const [one, other] = [record(shared), record(shared)]
    one.stop()
    expect(counts.closed).toBe(0)
    other.stop()
    expect(counts.closed).toBe(1)
  })

  it('replays nothing of a closed connection', () => {
    const { shared, counts, wire } = start()
    const one = record(shared)
    wire().next(connecting)
    wire().next(open)
    one.stop()
    expect(record(shared).events).toEqual([])
    expect(counts.opened).toBe(2)
  })

  it('keeps the connection for lingerMs after the last subscriber', () => {
    const { shared, counts, wire } = start({ lingerMs: 5_000 })
    const one = record(shared)
    wire().next(connecting)
    wire().next(open)
    one.stop()
    vi.advanceTimersByTime(4_999)
    const two = record(shared)
    expect(two.events).toEqual([connecting, open])
    vi.advanceTimersByTime(10_000)
    expect(counts).toEqual({ opened: 1, closed: 0 })
    two.stop()
    vi.advanceTimersByTime(5_000)
    expect(counts).toEqual({ opened: 1, closed: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['complete', 'error'] as const)('ends for all subscribers on %s and then connects again', (how) => {
    const { shared, counts, wire } = start()
    const sessions = [record(shared), record(shared)]
    wire().next(connecting)
    wire()[how](new WireError('http', 'refused'))
    for (const { end } of sessions) expect(end).toBeDefined()
    expect(record(shared).events).toEqual([])
    expect(counts.opened).toBe(2)
  })

  it('replays nothing of the ended connection to a subscriber that joins as it ends', () => {
    const source = new Observable<WireEvent<string>>((subscriber) => {
      subscriber.next(connecting)
      subscriber.next(open)
      const timer = setTimeout(() => subscriber.complete(), 5)
      return () => clearTimeout(timer)
    })
    const shared = source.pipe(shareWire())
    const session = record(shared.pipe(repeat(2)))
    vi.advanceTimersByTime(8)
    expect(session.events).toEqual([connecting, open, connecting, open])
    expect(record(shared).events).toEqual([connecting, open])
  })

  it('throws a TypeError for a negative lingerMs', () => {
    expect(() => shareWire({ lingerMs: -1 })).toThrow(/^shareWire: lingerMs must be/)
    expect(() => shareWire({ lingerMs: -1 })).toThrow(TypeError)
  })
})
