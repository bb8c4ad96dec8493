import { reconnecting } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { HandMadeServer, lost } from './support/attempts.ts'
import { connect, connectHealthy, noResponse, wakeUps } from './support/feed-session.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

/** A connection that was healthy for ten seconds, of an engine without a transport. */
async function connectByHand() {
  const server = new HandMadeServer()
  recordWire(reconnecting(server.connect, { random: () => 0.5 }))
  server.last.open()
  server.last.message('a', '7')
  await net.advance(10_000)
  return server
}

describe.each(wakeUps)('reconnecting: when the page %s', (_, wake) => {
  it('keeps a connection with activity within ten seconds', async () => {
    const { feed } = await connectHealthy(net)
    await wake(net)
    await net.advance(9_999)
    feed.write('data: half an event')
    await net.advance(600_000)
    expect(feed.attempts).toHaveLength(1)
  })

  it('replaces a silent connection promptly from its cursor, without counting a failure', async () => {
    const { feed, contexts, lastWait } = await connectHealthy(net)
    feed.halfOpen()
    await wake(net)
    await net.advance(9_999)
    expect(feed.open).toBe(1)
    await net.advance(1)
    expect(feed.open).toBe(0)
    expect(lastWait()).toMatchObject({ attempt: 0, delayMs: 150, cause: { kind: 'timeout', retryable: true } })
    await net.advance(150)
    expect(contexts.at(-1)).toMatchObject({ attempt: 0, cursor: '7', cause: { kind: 'timeout' } })
  })

  it('resets the failure count after proof of service', async () => {
    const { contexts, lose } = await connectHealthy(net)
    await lose(10_000)
    await wake(net)
    await net.advance(10_150)
    expect(contexts.map(({ attempt }) => attempt)).toEqual([0, 1, 0])
  })

  it('does not extend the time limit on another signal', async () => {
    const { feed } = await connectHealthy(net)
    await wake(net)
    await net.advance(6_000)
    net.resume()
    await net.advance(4_000)
    expect(feed.open).toBe(0)
  })

  it('replaces an attempt that is still connecting', async () => {
    const { feed, contexts } = connect(net)
    feed.stall()
    await wake(net)
    await net.advance(10_150)
    expect(feed.attempts).toHaveLength(2)
    expect(contexts.at(-1)?.attempt).toBe(0)
  })

  it('keeps a connection that has delivered messages without ids, because it cannot resume', async () => {
    const { feed } = connect(net)
    await net.advance()
    feed.write('data: a\n\n')
    await net.advance()
    await wake(net)
    await net.advance(600_000)
    expect(feed.attempts).toHaveLength(1)
    expect(feed.open).toBe(1)
  })

  it('keeps the connection if no retry is allowed', async () => {
    const { feed } = await connectHealthy(net, { maxRetries: 0 })
    await wake(net)
    await net.advance(600_000)
    expect(feed.open).toBe(1)
  })

  it('calls the probe of an attempt and waits for its result', async () => {
    const server = await connectByHand()
    const probe = vi.fn()
    server.last.onProbe(probe)
    await wake(net)
    expect(probe).toHaveBeenCalledTimes(1)
    await net.advance(60_000)
    expect(server.live).toBe(1)
  })

  it('keeps an attempt that becomes unrepeatable during the liveness check', async () => {
    const server = await connectByHand()
    await wake(net)
    server.last.markUnrepeatable()
    await net.advance(60_000)
    expect(server.attempts).toHaveLength(1)
    expect(server.live).toBe(1)
  })

  it('does not call the probe of a finished attempt', async () => {
    const server = await connectByHand()
    const probe = vi.fn()
    const over = server.last
    over.onProbe(probe)
    over.fail(lost())
    await net.advance(600)
    over.onProbe(probe)
    await wake(net)
    expect(server.attempts).toHaveLength(2)
    expect(probe).not.toHaveBeenCalled()
  })

  it('does not count a failure before the first activity and retries promptly', async () => {
    const { feed, seen, lastWait, lose } = await connectHealthy(net, { maxRetries: 1 })
    feed.stall()
    await lose(600)
    await wake(net)
    await lose()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause: noResponse })
    await net.advance(150)
    await lose()
    expect(seen.error).toEqual(noResponse)
  })

  it('counts a failure after activity', async () => {
    const { feed, lastWait, lose } = await connectHealthy(net)
    await wake(net)
    feed.write('data: half an event')
    await lose()
    expect(lastWait()).toMatchObject({ attempt: 1, delayMs: 600 })
  })

  it('releases its timers and listeners when the subscriber unsubscribes', async () => {
    const { seen } = await connectHealthy(net)
    await wake(net)
    net.resume()
    seen.unsubscribe()
    expect(net.timers).toBe(0)
    expect(net.listeners).toBe(0)
  })
})

describe('reconnecting: a connect timeout during a sleep', () => {
  it('does not count as a failure', async () => {
    const { feed, lastWait } = connect(net, { connectTimeoutMs: 5_000 })
    feed.stall()
    net.sleep(3_600_000)
    await net.advance(5_000)
    expect(feed.open).toBe(0)
    expect(lastWait()).toMatchObject({ attempt: 0, delayMs: 150, cause: { kind: 'timeout' } })
  })

  it('fails the wire if no retry is allowed', async () => {
    const { feed, seen } = connect(net, { connectTimeoutMs: 5_000, maxRetries: 0 })
    feed.stall()
    net.sleep(3_600_000)
    await net.advance(5_000)
    expect(seen).toFailWith({ kind: 'timeout' })
    expect(feed.attempts).toHaveLength(1)
  })
})
