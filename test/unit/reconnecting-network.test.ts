import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  connect,
  connectHealthy,
  connectionLost,
  connectThenGoOffline,
  connectThenLose,
  noResponse,
} from './support/feed-session.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

/** The host claims that there is no network, but connections work. */
function claimOffline(): void {
  Object.assign(navigator, { onLine: false })
  dispatchEvent(new Event('offline'))
}

describe('reconnecting: network', () => {
  it('pauses after a failure while the host is offline', async () => {
    const { seen } = await connectThenGoOffline(net)
    expect(seen.events.at(-1)).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'offline' })
  })

  it.each([
    [0, 60_000],
    [0.8, 72_000],
  ])('retries about once a minute while the host is offline: random %d gives %d ms', async (drawn, delayMs) => {
    const { feed, seen } = await connectThenGoOffline(net, { random: () => drawn })
    await net.advance(delayMs)
    expect(feed.attempts.slice(1)).toEqual([{ atMs: 10_000 + delayMs, cursor: '7' }])
    const wait = { type: 'waiting', attempt: 1, delayMs, cause: 'offline' }
    expect(seen.events.slice(3)).toEqual([wait, { type: 'connecting', attempt: 1 }, wait])
  })

  it('pauses while offline and retries within 300 ms when the network is back', async () => {
    const { feed, contexts, lastWait } = await connectThenGoOffline(net)
    await net.advance(30_000)
    net.online()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause: connectionLost })
    await net.advance(100_150)
    expect(feed.attempts.slice(1)).toEqual([{ atMs: 40_150, cursor: '7' }])
    expect(contexts.at(-1)).toMatchObject({ attempt: 1, cause: connectionLost })
  })

  it('shortens a wait when the network is back', async () => {
    const { feed, lastWait } = await connectThenLose(net, { backoff: () => ({ floorMs: 50_000, spanMs: 0 }) })
    dispatchEvent(new Event('online'))
    expect(lastWait()).toMatchObject({ delayMs: 150 })
    await net.advance(150)
    expect(feed.attempts).toHaveLength(2)
  })

  it('does not shorten a wait that ends within 300 ms', async () => {
    const { seen } = await connectThenLose(net, { backoff: () => ({ floorMs: 300, spanMs: 0 }) })
    const before = [...seen.events]
    dispatchEvent(new Event('online'))
    expect(seen.events).toEqual(before)
  })

  it('does not retry earlier than Retry-After when the network is back', async () => {
    const { feed, lastWait } = connect(net, { random: () => 0 })
    feed.answer(503, { retryAfter: 120 })
    await net.advance()
    net.offline()
    net.online()
    expect(lastWait()).toMatchObject({ delayMs: 120_000, cause: { status: 503 } })
  })

  it('does not retry earlier than Retry-After while paused', async () => {
    const { feed } = connect(net, { random: () => 0 })
    feed.answer(503, { retryAfter: 200 })
    await net.advance()
    net.offline()
    await net.advance(200_000)
    expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: 200_000 }])
  })

  it('pauses a wait when the host goes offline', async () => {
    const { feed, seen } = await connectThenLose(net)
    await net.advance(500)
    net.offline()
    expect(seen.events.at(-1)).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'offline' })
    await net.advance(67_500)
    expect(feed.attempts.slice(1)).toEqual([{ atMs: 78_000, cursor: '7' }])
  })

  it('does not restart a paused wait for the same reason', async () => {
    const { feed, seen } = await connectThenGoOffline(net)
    const before = [...seen.events]
    await net.advance(30_000)
    dispatchEvent(new Event('offline'))
    expect(seen.events).toEqual(before)
    await net.advance(37_500)
    expect(feed.attempts).toHaveLength(2)
  })

  it('pauses at the end of a wait if the host went offline without an event', async () => {
    const { feed, lastWait } = await connectThenLose(net)
    Object.assign(navigator, { onLine: false })
    await net.advance(600)
    expect(feed.attempts).toHaveLength(1)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'offline' })
  })

  it('makes the first attempt even while the host claims to be offline', async () => {
    Object.assign(navigator, { onLine: false })
    const { feed } = await connectHealthy(net)
    expect(feed.attempts).toHaveLength(1)
  })

  it('keeps an open connection when the network goes and comes back', async () => {
    const { feed, seen } = await connectHealthy(net)
    claimOffline()
    net.online()
    await net.advance(100_000)
    feed.send('still here')
    await net.advance()
    expect(seen).toEmit(['connecting', 'open', 'message', 'message'])
    expect(feed.attempts).toHaveLength(1)
  })

  it('keeps a connecting attempt when the network goes and comes back', async () => {
    const { feed, seen } = await connectThenLose(net)
    feed.stall()
    await net.advance(600)
    claimOffline()
    net.online()
    expect(seen).toEmit(['connecting', 'open', 'message', 'waiting', 'connecting'])
    expect(feed.open).toBe(1)
  })

  it('fails while offline with an error that is not retryable', async () => {
    const { feed, seen } = connect(net)
    feed.answer(404)
    claimOffline()
    await net.advance()
    expect(seen).toFailWith({ kind: 'http', status: 404, retryable: false })
    net.online()
    expect(net.timers).toBe(0)
  })

  it('does not count repeated failures while offline as retries', async () => {
    const { feed, seen, lastWait } = await connectThenGoOffline(net, { maxRetries: 2 })
    const failAgain = () => net.advance(lastWait()?.delayMs)
    for (let minute = 0; minute < 30; minute++) await failAgain()
    expect(feed.attempts).toHaveLength(31)
    expect(seen.isActive).toBe(true)
    feed.refuse()
    net.online()
    await failAgain()
    expect(feed.attempts).toHaveLength(32)
    expect(seen.isActive).toBe(true)
    await failAgain()
    expect(seen.error).toEqual(noResponse)
  })

  it('fails on the first failure while offline if no retry is allowed', async () => {
    const { seen } = await connectThenGoOffline(net, { maxRetries: 0 })
    expect(seen.error).toEqual(connectionLost)
  })

  it('makes one attempt, however often the network comes and goes', async () => {
    const { feed } = await connectThenGoOffline(net)
    for (let flap = 0; flap < 20; flap++) {
      net.online()
      await net.advance(100)
      net.offline()
    }
    net.online()
    dispatchEvent(new Event('online'))
    await net.advance(200)
    expect(feed.attempts).toHaveLength(2)
    // The check of the page for a sleep.
    expect(net.timers).toBe(1)
  })

  it.each(['unsubscribing', 'completing', 'failing'])('stops listening to the host after %s', async (how) => {
    // A worker has a network status, but no page.
    Object.assign(globalThis, { document: undefined })
    const { feed, seen } = connect(net)
    expect(net.listeners).toBe(2)
    if (how === 'unsubscribing') seen.unsubscribe()
    else feed.answer(how === 'completing' ? 204 : 404)
    await net.advance()
    expect(seen.isActive).toBe(false)
    expect(net.listeners).toBe(0)
  })

  it.each([undefined, {}])('works on hosts without network status: navigator is %j', async (navigator) => {
    net.install({ page: false })
    vi.stubGlobal('navigator', navigator)
    onTestFinished(() => void vi.unstubAllGlobals())
    const { lastWait } = await connectThenLose(net)
    expect(lastWait()).toMatchObject({ type: 'waiting', delayMs: 600 })
  })
})
