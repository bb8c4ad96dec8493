import { createOutbox, fromWebSocket, type OutboxOptions } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest({}, { page: false })

const timeout = expect.objectContaining({ kind: 'timeout', retryable: false })

/** An outbox, and a server for the sockets that it is attached to. */
function start(options: OutboxOptions<string, string> = {}) {
  const outbox = createOutbox<string, string>(options)
  const server = net.socket('/chat')
  /** All messages that have arrived at the server after this time. */
  const arrived = async (ms = 0) => {
    await net.advance(ms)
    return server.received
  }
  const connect = (encode?: (message: string) => string) => {
    recordWire(fromWebSocket('/chat', { outgoing: outbox, encode, decode: String }))
    return arrived()
  }
  const reconnect = () => {
    server.cut()
    return arrived(5_000)
  }
  return { outbox, server, connect, reconnect }
}

const acknowledged: OutboxOptions<string, string> = { idOf: (message) => message, acknowledge: (id) => id }

describe('a message with ttlMs', () => {
  it('is dropped when it is not written in time, and not earlier', async () => {
    const { outbox, connect } = start({ ttlMs: 1_000 })
    const sent = outbox.send('a')
    await net.advance(999)
    expect(await fateOf(sent)).toBe('pending')
    expect(outbox.getCounts()).toMatchObject({ queued: 1, dropped: 0 })
    await net.advance(1)
    expect(await fateOf(sent)).toEqual(timeout)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, dropped: 1 })
    expect(await connect()).toEqual([])
  })

  it('uses its own ttlMs rather than that of the outbox', async () => {
    const { outbox } = start({ ttlMs: 1_000 })
    const sends = [
      outbox.send('a', { ttlMs: 10 }),
      outbox.send('b'),
      outbox.send('c', { ttlMs: 2_000 }),
      outbox.send('d', { ttlMs: Number.POSITIVE_INFINITY }),
    ]
    const pending = 'pending'
    await net.advance(10)
    expect(await fatesOf(...sends)).toEqual([timeout, pending, pending, pending])
    await net.advance(990)
    expect(await fatesOf(...sends)).toEqual([timeout, timeout, pending, pending])
    await net.advance(1_000)
    expect(await fatesOf(...sends)).toEqual([timeout, timeout, timeout, pending])
    expect(net.timers).toBe(0)
  })

  it('waits forever by default, without a timer', async () => {
    const { outbox, connect } = start()
    outbox.send('a')
    expect(net.timers).toBe(0)
    await net.advance(10 * 24 * 3_600_000)
    expect(await connect()).toEqual(['a'])
  })

  it('updates the counts when it is dropped', async () => {
    const { outbox } = start({ ttlMs: 5 })
    outbox.send('a')
    const dropped: number[] = []
    outbox.counts.subscribe((counts) => dropped.push(counts.dropped))
    await net.advance(5)
    expect(dropped).toEqual([0, 1])
  })

  it('expires after a sleep during which timers did not run, without delaying the next message', async () => {
    const { outbox, connect } = start()
    const [late, next] = [outbox.send('a', { ttlMs: 1_000 }), outbox.send('b')]
    net.sleep(1_001)
    expect(await connect()).toEqual(['b'])
    expect(await fatesOf(late, next)).toEqual([timeout, 'resolved'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 1, dropped: 1 })
    expect(net.timers).toBe(0)
  })

  it('is dropped in time even if the clock is set back', async () => {
    const { outbox } = start({ ttlMs: 1_000 })
    const sent = outbox.send('a')
    net.shiftClock(-3_600_000)
    await net.advance(2_000)
    expect(await fateOf(sent)).toEqual(timeout)
  })

  it('is still written at exactly ttlMs', async () => {
    const { outbox, connect } = start({ ttlMs: 1_000 })
    outbox.send('a')
    net.sleep(1_000)
    expect(await connect()).toEqual(['a'])
  })

  it('is written at once or dropped if ttlMs is 0', async () => {
    const { outbox, server, connect } = start({ ttlMs: 0 })
    const early = outbox.send('a')
    await net.advance()
    expect(await fateOf(early)).toEqual(timeout)
    await connect()
    expect(await fateOf(outbox.send('b'))).toBe('resolved')
    expect(server.received).toEqual(['b'])
    expect(net.timers).toBe(0)
  })

  it('supports a ttlMs beyond the longest timer', async () => {
    const dayMs = 24 * 3_600_000
    const { outbox } = start({ ttlMs: 60 * dayMs })
    const sent = outbox.send('a')
    await net.advance(30 * dayMs)
    outbox.send('b')
    await net.advance(30 * dayMs - 1)
    expect(await fateOf(sent)).toBe('pending')
    await net.advance(1)
    expect(await fateOf(sent)).toEqual(timeout)
    outbox.clear()
    expect(net.timers).toBe(0)
  })

  it('clears its timer however it ends', async () => {
    const { outbox, connect } = start({ ttlMs: 1_000, capacity: 1, overflow: 'drop-oldest' })
    const controller = new AbortController()
    outbox.send('made room', { signal: controller.signal })
    outbox.send('taken back', { signal: controller.signal })
    controller.abort()
    expect(net.timers).toBe(0)
    outbox.send('given up')
    outbox.clear()
    expect(net.timers).toBe(0)
    outbox.send('not to be encoded')
    await connect((message) => {
      if (message.startsWith('not')) throw new RangeError('no')
      return message
    })
    expect(net.timers).toBe(0)
    outbox.send('handed over')
    await net.advance()
    expect(net.timers).toBe(0)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 1, dropped: 3 })
  })

  it('does not expire after it was written', async () => {
    const { outbox, server, connect, reconnect } = start({ ...acknowledged, ttlMs: 1_000 })
    await connect()
    const sent = outbox.send('a', { until: 'acknowledged' })
    await net.advance(5_000)
    expect(await reconnect()).toEqual(['a', 'a'])
    server.send('a')
    await net.advance()
    expect(await fateOf(sent)).toBe('resolved')
  })
})

describe('a message with a signal', () => {
  const reason = new Error('not needed any more')

  it('is not queued if the signal was aborted before', async () => {
    const { outbox } = start()
    expect(await fateOf(outbox.send('a', { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, dropped: 0 })
  })

  it('is removed on abort while it is queued', async () => {
    const { outbox, connect } = start()
    const controller = new AbortController()
    const [sent, other] = [outbox.send('a', { signal: controller.signal }), outbox.send('b')]
    const queued: number[] = []
    outbox.counts.subscribe((counts) => queued.push(counts.queued))
    controller.abort(reason)
    expect(await fatesOf(sent, other)).toEqual([reason, 'pending'])
    expect(queued).toEqual([2, 1])
    expect(outbox.getCounts()).toMatchObject({ queued: 1, queuedBytes: 1, dropped: 0 })
    expect(await connect()).toEqual(['b'])
  })

  it('is not repeated after an abort while its acknowledgement is awaited', async () => {
    const { outbox, server, connect, reconnect } = start(acknowledged)
    await connect()
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal, until: 'acknowledged' })
    controller.abort(reason)
    expect(await fateOf(sent)).toBe(reason)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 0, dropped: 0 })
    expect(await reconnect()).toEqual(['a'])
    expect(server.attempts).toHaveLength(2)
  })

  it('is still repeated after an abort if its send has resolved', async () => {
    const { outbox, connect, reconnect } = start(acknowledged)
    await connect()
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal })
    expect(await fateOf(sent)).toBe('resolved')
    controller.abort(reason)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 1, dropped: 0 })
    expect(await reconnect()).toEqual(['a', 'a'])
  })

  it.each([
    ['written', {}, 'resolved'],
    ['acknowledged', acknowledged, 'resolved'],
    ['dropped', { ttlMs: 5 }, timeout],
  ] as const)('ignores an abort after it was %s', async (end, options, fate) => {
    const { outbox, server, connect } = start(options)
    if (end !== 'dropped') await connect()
    const controller = new AbortController()
    const until = end === 'acknowledged' ? end : 'sent'
    const sent = outbox.send('a', { signal: controller.signal, until })
    server.send('a')
    await net.advance(5)
    const before = outbox.getCounts()
    controller.abort(reason)
    expect(await fateOf(sent)).toEqual(fate)
    expect(server.received).toEqual(end === 'dropped' ? [] : ['a'])
    expect(outbox.getCounts()).toEqual(before)
  })

  it('removes its abort listener however it ends', async () => {
    const { outbox, connect } = start({ ttlMs: 5 })
    const { signal } = new AbortController()
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    outbox.send('given up', { signal })
    outbox.clear()
    outbox.send('too late', { signal })
    await net.advance(5)
    await connect()
    outbox.send('handed over', { signal })
    expect(add).toHaveBeenCalledTimes(3)
    for (const [at, [type, listener]] of add.mock.calls.entries()) {
      expect(remove.mock.calls[at]?.slice(0, 2)).toEqual([type, listener])
    }
  })
})

describe('an outbox on clear', () => {
  it('rejects every queued message and accepts new ones afterwards', async () => {
    const { outbox, connect } = start()
    const sends = ['a', 'b', 'c'].map((message) => outbox.send(message))
    const queued: number[] = []
    outbox.counts.subscribe((counts) => queued.push(counts.queued))
    outbox.clear()
    const closed = expect.objectContaining({ kind: 'closed', retryable: false })
    expect(await fatesOf(...sends)).toEqual([closed, closed, closed])
    expect(queued).toEqual([3, 0])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, dropped: 3 })
    outbox.send('d')
    expect(await connect()).toEqual(['d'])
  })

  it('does nothing if its queue is empty', () => {
    const { outbox } = start()
    outbox.clear()
    expect(outbox.getCounts()).toMatchObject({ queued: 0, dropped: 0 })
  })
})
