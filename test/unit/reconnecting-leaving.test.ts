import { Subject, takeWhile } from 'rxjs'
import { reconnecting, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost } from './support/attempts.ts'
import { type StubbedNetwork, stubNetworkForTest } from './support/page.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const states: [string, (server: HandMadeServer, network: StubbedNetwork) => void][] = [
  ['connecting', () => {}],
  ['open', (server) => server.last.open()],
  ['waiting', (server) => server.last.fail(lost())],
  [
    'paused',
    (server, network) => {
      network.goOffline()
      server.last.fail(lost())
    },
  ],
  [
    'connecting again',
    (server) => {
      server.last.fail(lost())
      vi.advanceTimersToNextTimer()
    },
  ],
]

/** Unsubscribes during the n-th event of a type. */
function leaveAt(type: WireEvent<string>['type'], nth = 1) {
  const network = stubNetworkForTest()
  const server = new HandMadeServer()
  const now = new Subject<void>()
  let heard = 0
  const wire = reconnecting(server.connect, { connectTimeoutMs: 1_000, reconnectNow: now }).pipe(
    takeWhile((event) => {
      if (event.type === type) heard += 1
      return heard < nth
    }, true),
  )
  return { network, server, now, session: record(wire) }
}

describe('reconnecting: unsubscribe', () => {
  it.each(states)('releases everything at once while %s', (_, reach) => {
    const network = stubNetworkForTest()
    const server = new HandMadeServer()
    const now = new Subject<void>()
    const session = record(reconnecting(server.connect, { connectTimeoutMs: 1_000, reconnectNow: now }))
    reach(server, network)
    const events = session.events.length
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
    expect(server.live).toBe(0)
    expect(now.observed).toBe(false)
    expect(network.listeners).toBe(0)
    server.last.open()
    server.last.message('late')
    server.last.fail(lost())
    network.goOnline()
    vi.advanceTimersByTime(100_000)
    expect(session.events).toHaveLength(events)
    expect(session.end).toBeUndefined()
  })

  it('does not connect if the subscriber unsubscribes on the first connecting event', () => {
    const { server, network, now } = leaveAt('connecting')
    expect(server.attempts).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    expect(network.listeners).toBe(0)
    expect(now.observed).toBe(false)
  })

  it('does not connect again if the subscriber unsubscribes on the second connecting event', () => {
    const { server } = leaveAt('connecting', 2)
    server.last.fail(lost())
    vi.runAllTimers()
    expect(server.attempts).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('clears its timer if the subscriber unsubscribes on a waiting event', () => {
    const { server, session } = leaveAt('waiting')
    server.last.fail(lost())
    expect(session.types()).toEqual(['connecting', 'waiting'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('clears its timer if the subscriber unsubscribes when the wait is paused', () => {
    const { server, network } = leaveAt('waiting', 2)
    server.last.fail(lost())
    network.goOffline()
    expect(vi.getTimerCount()).toBe(0)
    expect(network.listeners).toBe(0)
  })

  it.each(['open', 'message'] as const)('aborts the attempt if the subscriber unsubscribes on %s', (type) => {
    const { server, session } = leaveAt(type)
    server.last.open()
    server.last.message('a')
    server.last.message('b')
    expect(session.types().at(-1)).toBe(type)
    expect(server.live).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['shouldRetry', 'backoff'] as const)('leaves no timer if %s unsubscribes', (callback) => {
    const server = new HandMadeServer()
    const leave = () => session.stop()
    const session = record(
      reconnecting(server.connect, {
        shouldRetry: () => {
          if (callback === 'shouldRetry') leave()
          return true
        },
        backoff: () => {
          if (callback === 'backoff') leave()
          return { floorMs: 1, spanMs: 1 }
        },
      }),
    )
    server.last.fail(lost())
    expect(vi.getTimerCount()).toBe(0)
    expect(session.types()).toEqual(['connecting'])
  })
})
