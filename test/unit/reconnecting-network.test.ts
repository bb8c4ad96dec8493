import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost, refused } from './support/attempts.ts'
import { stubNetworkForTest } from './support/network.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions = {}) {
  const network = stubNetworkForTest()
  const server = new HandMadeServer()
  const session = record(reconnecting(server.connect, { random: () => 0.5, ...policy }))
  const lastWait = () => session.events.findLast((event) => event.type === 'waiting')
  return { network, server, session, lastWait }
}

/** A session that failed while the host was offline. */
function park(policy: ReconnectingOptions = {}) {
  const parked = start(policy)
  const cause = lost()
  parked.network.goOffline()
  parked.server.last.fail(cause)
  return { ...parked, cause }
}

describe('reconnecting: network', () => {
  it('pauses after a failure while the host is offline', () => {
    const { session } = park()
    expect(session.events.at(-1)).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'offline' })
  })

  it.each([
    [0, 60_000],
    [0.8, 72_000],
  ])('retries about once a minute while the host claims to be offline: random %d gives %d ms', (drawn, delayMs) => {
    const { server, lastWait } = park({ random: () => drawn })
    expect(lastWait()).toMatchObject({ delayMs })
    vi.advanceTimersByTime(delayMs - 1)
    expect(server.attempts).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(server.attempts).toHaveLength(2)
    server.last.fail(lost())
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs, cause: 'offline' })
  })

  it('pauses while offline and retries within 300 ms when the network is back', () => {
    const { network, server, lastWait, cause } = park()
    vi.advanceTimersByTime(30_000)
    expect(server.attempts).toHaveLength(1)
    network.goOnline()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
    vi.advanceTimersByTime(149)
    expect(server.attempts).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(server.attempts).toHaveLength(2)
    expect(server.last).toMatchObject({ attempt: 1, cause })
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(2)
  })

  it('shortens a wait when the network is back', () => {
    const { network, server, lastWait } = start({ backoff: () => ({ floorMs: 50_000, spanMs: 0 }) })
    server.last.fail(lost())
    network.goOnline()
    expect(lastWait()).toMatchObject({ delayMs: 150 })
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it.each([
    ['within 300 ms', 300, 0],
    ['now by the clock, before its timer fires', 50_000, 50_000],
  ])('does not shorten a wait that ends %s', (_, floorMs, sleptMs) => {
    const { network, server, session } = start({ backoff: () => ({ floorMs, spanMs: 0 }) })
    server.last.fail(lost())
    const before = [...session.events]
    vi.setSystemTime(Date.now() + sleptMs)
    network.goOnline()
    expect(session.events).toEqual(before)
  })

  it('does not retry earlier than Retry-After when the network is back', () => {
    const { network, server, lastWait } = start({ random: () => 0 })
    server.last.fail(lost({ retryAfterMs: 120_000 }))
    network.goOffline()
    network.goOnline()
    expect(lastWait()).toMatchObject({ delayMs: 120_000 })
  })

  it('does not retry earlier than Retry-After while paused', () => {
    const { network, server } = start({ random: () => 0 })
    server.last.fail(lost({ retryAfterMs: 200_000 }))
    network.goOffline()
    vi.advanceTimersByTime(199_999)
    expect(server.attempts).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(server.attempts).toHaveLength(2)
  })

  it('pauses a wait when the host goes offline', () => {
    const { network, server, session } = start()
    server.last.fail(lost())
    vi.advanceTimersByTime(500)
    network.goOffline()
    expect(session.events.at(-1)).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'offline' })
    vi.advanceTimersByTime(67_499)
    expect(server.attempts).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(server.attempts).toHaveLength(2)
  })

  it('does not restart a paused wait for the same reason', () => {
    const { network, server, session } = park()
    const before = [...session.events]
    vi.advanceTimersByTime(30_000)
    network.goOffline()
    expect(session.events).toEqual(before)
    vi.advanceTimersByTime(37_500)
    expect(server.attempts).toHaveLength(2)
  })

  it('pauses at the end of a wait if the host went offline without an event', () => {
    const { network, server, lastWait } = start()
    server.last.fail(lost())
    network.claim(false)
    vi.advanceTimersByTime(600)
    expect(server.attempts).toHaveLength(1)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'offline' })
  })

  it('makes the first attempt even while the host claims to be offline', () => {
    const network = stubNetworkForTest()
    network.claim(false)
    const server = new HandMadeServer()
    record(reconnecting(server.connect))
    expect(server.attempts).toHaveLength(1)
  })

  it('keeps an open connection when the network goes and comes back', () => {
    const { network, server, session } = start()
    server.last.open()
    network.goOffline()
    network.goOnline()
    vi.advanceTimersByTime(100_000)
    server.last.message('still here')
    expect(session.types()).toEqual(['connecting', 'open', 'message'])
    expect(server.attempts).toHaveLength(1)
  })

  it('keeps a connecting attempt when the network goes and comes back', () => {
    const { network, server, session } = start()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    network.goOffline()
    network.goOnline()
    expect(session.types()).toEqual(['connecting', 'waiting', 'connecting'])
    expect(server.live).toBe(1)
  })

  it('fails while offline with an error that is not retryable', () => {
    const { network, server, session } = start()
    network.goOffline()
    const final = refused()
    server.last.fail(final)
    expect(session.end).toBe(final)
    network.goOnline()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not count repeated failures while offline as retries', () => {
    const { network, server, session, lastWait } = park({ maxRetries: 2 })
    const failAgain = () => {
      vi.advanceTimersByTime(lastWait()?.delayMs ?? 0)
      server.last.fail(lost())
    }
    for (let minute = 0; minute < 30; minute++) failAgain()
    expect(session.end).toBeUndefined()
    network.goOnline()
    failAgain()
    expect(session.end).toBeUndefined()
    failAgain()
    expect(session.end).toMatchObject({ message: 'lost' })
  })

  it('fails on the first failure while offline if no retry is allowed', () => {
    const { network, server, session } = start({ maxRetries: 0 })
    network.goOffline()
    server.last.fail(lost())
    expect(session.end).toMatchObject({ message: 'lost' })
  })

  it('makes one attempt, however often the network comes and goes', () => {
    const { network, server } = park()
    for (let flap = 0; flap < 20; flap++) {
      network.goOnline()
      vi.advanceTimersByTime(100)
      network.goOffline()
    }
    network.goOnline()
    network.goOnline()
    vi.advanceTimersByTime(200)
    expect(server.attempts).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['unsubscribing', 'completing', 'failing'])('stops listening to the host after %s', (how) => {
    const { network, server, session } = start()
    expect(network.listeners).toBe(2)
    if (how === 'unsubscribing') session.stop()
    else if (how === 'completing') server.last.close({ wasClean: true })
    else server.last.fail(refused())
    expect(network.listeners).toBe(0)
  })

  it.each([undefined, {}])('works on hosts without network status: navigator is %j', (navigator) => {
    vi.stubGlobal('navigator', navigator)
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    const server = new HandMadeServer()
    const session = record(reconnecting(server.connect, { random: () => 0.5 }))
    server.last.fail(lost())
    expect(session.events.at(-1)).toMatchObject({ type: 'waiting', delayMs: 600 })
  })
})
