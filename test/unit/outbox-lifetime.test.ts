import { createOutbox, type OutboxOptions } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'
import { HandMadeLink } from './support/hand-made-link.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const timeout = expect.objectContaining({ kind: 'timeout', retryable: false })

function start(options: OutboxOptions<string, string> = {}) {
  const outbox = createOutbox<string, string>(options)
  const connect = (link = new HandMadeLink<string>()) => ({ link, ...outbox.attach(link) })
  return { outbox, connect }
}

const acknowledged: OutboxOptions<string, string> = { idOf: (message) => message, acknowledge: (id) => id }

describe('a message with ttlMs', () => {
  it('is dropped when it is not written in time, and not earlier', async () => {
    const { outbox, connect } = start({ ttlMs: 1_000 })
    const sent = outbox.send('a')
    vi.advanceTimersByTime(999)
    expect(await fateOf(sent)).toBe('pending')
    expect(outbox.getCounts()).toMatchObject({ queued: 1, dropped: 0 })
    vi.advanceTimersByTime(1)
    expect(await fateOf(sent)).toEqual(timeout)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, dropped: 1 })
    expect(connect().link.written).toEqual([])
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
    vi.advanceTimersByTime(10)
    expect(await fatesOf(...sends)).toEqual([timeout, pending, pending, pending])
    vi.advanceTimersByTime(990)
    expect(await fatesOf(...sends)).toEqual([timeout, timeout, pending, pending])
    vi.advanceTimersByTime(1_000)
    expect(await fatesOf(...sends)).toEqual([timeout, timeout, timeout, pending])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits forever by default, without a timer', async () => {
    const { outbox, connect } = start()
    outbox.send('a')
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10 * 24 * 3_600_000)
    expect(connect().link.written).toEqual(['a'])
  })

  it('updates the counts when it is dropped', () => {
    const { outbox } = start({ ttlMs: 5 })
    outbox.send('a')
    const dropped: number[] = []
    outbox.counts.subscribe((counts) => dropped.push(counts.dropped))
    vi.advanceTimersByTime(5)
    expect(dropped).toEqual([0, 1])
  })

  it('expires after a sleep during which timers did not run, without delaying the next message', async () => {
    const { outbox, connect } = start()
    const [late, next] = [outbox.send('a', { ttlMs: 1_000 }), outbox.send('b')]
    vi.setSystemTime(Date.now() + 1_001)
    expect(connect().link.written).toEqual(['b'])
    expect(await fatesOf(late, next)).toEqual([timeout, 'resolved'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 1, dropped: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is dropped in time even if the clock is set back', async () => {
    const { outbox } = start({ ttlMs: 1_000 })
    const sent = outbox.send('a')
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(2_000)
    expect(await fateOf(sent)).toEqual(timeout)
  })

  it('is still written at exactly ttlMs', () => {
    const { outbox, connect } = start({ ttlMs: 1_000 })
    outbox.send('a')
    vi.setSystemTime(Date.now() + 1_000)
    expect(connect().link.written).toEqual(['a'])
  })

  it('is written at once or dropped if ttlMs is 0', async () => {
    const { outbox, connect } = start({ ttlMs: 0 })
    const early = outbox.send('a')
    vi.advanceTimersByTime(0)
    expect(await fateOf(early)).toEqual(timeout)
    const { link } = connect()
    expect(await fateOf(outbox.send('b'))).toBe('resolved')
    expect(link.written).toEqual(['b'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('supports a ttlMs beyond the longest timer', async () => {
    const dayMs = 24 * 3_600_000
    const { outbox } = start({ ttlMs: 60 * dayMs })
    const sent = outbox.send('a')
    vi.advanceTimersByTime(30 * dayMs)
    outbox.send('b')
    vi.advanceTimersByTime(30 * dayMs - 1)
    expect(await fateOf(sent)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await fateOf(sent)).toEqual(timeout)
    outbox.clear()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('clears its timer however it ends', () => {
    const { outbox, connect } = start({ ttlMs: 1_000, capacity: 1, overflow: 'drop-oldest' })
    const controller = new AbortController()
    outbox.send('made room', { signal: controller.signal })
    outbox.send('taken back', { signal: controller.signal })
    controller.abort()
    expect(vi.getTimerCount()).toBe(0)
    outbox.send('given up')
    outbox.clear()
    expect(vi.getTimerCount()).toBe(0)
    outbox.send('not to be encoded')
    const faulty = new HandMadeLink<string>()
    faulty.onWrite = () => {
      throw new RangeError('no')
    }
    connect(faulty).detach()
    expect(vi.getTimerCount()).toBe(0)
    outbox.send('handed over')
    connect()
    expect(vi.getTimerCount()).toBe(0)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 1, dropped: 3 })
  })

  it('does not expire after it was written', async () => {
    const { outbox, connect } = start({ ...acknowledged, ttlMs: 1_000 })
    const first = connect()
    const sent = outbox.send('a', { until: 'acknowledged' })
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(5_000)
    first.detach()
    vi.advanceTimersByTime(5_000)
    const second = connect()
    expect(second.link.written).toEqual(['a'])
    second.received('a')
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
    expect(connect().link.written).toEqual(['b'])
  })

  it('ignores an abort after it was written', async () => {
    const { outbox, connect } = start()
    const { link } = connect()
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal })
    const before = outbox.getCounts()
    controller.abort(reason)
    expect(await fateOf(sent)).toBe('resolved')
    expect(link.written).toEqual(['a'])
    expect(outbox.getCounts()).toEqual(before)
  })

  it('is not repeated after an abort while its acknowledgement is awaited', async () => {
    const { outbox, connect } = start(acknowledged)
    const { detach } = connect()
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal, until: 'acknowledged' })
    controller.abort(reason)
    expect(await fateOf(sent)).toBe(reason)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 0, dropped: 0 })
    detach()
    expect(connect().link.written).toEqual([])
  })

  it('is still repeated after an abort if its send has resolved', async () => {
    const { outbox, connect } = start(acknowledged)
    const { detach } = connect()
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal })
    expect(await fateOf(sent)).toBe('resolved')
    controller.abort(reason)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 1, dropped: 0 })
    detach()
    expect(connect().link.written).toEqual(['a'])
  })

  it('ignores an abort after it was acknowledged', async () => {
    const { outbox, connect } = start(acknowledged)
    const { received } = connect()
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal, until: 'acknowledged' })
    received('a')
    const before = outbox.getCounts()
    controller.abort(reason)
    expect(await fateOf(sent)).toBe('resolved')
    expect(outbox.getCounts()).toEqual(before)
  })

  it('ignores an abort after it was dropped', async () => {
    const { outbox } = start({ ttlMs: 5 })
    const controller = new AbortController()
    const sent = outbox.send('a', { signal: controller.signal })
    vi.advanceTimersByTime(5)
    const before = outbox.getCounts()
    controller.abort(reason)
    expect(await fateOf(sent)).toEqual(timeout)
    expect(outbox.getCounts()).toEqual(before)
  })

  it('removes its abort listener however it ends', () => {
    const { outbox, connect } = start({ ttlMs: 5 })
    const { signal } = new AbortController()
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    outbox.send('given up', { signal })
    outbox.clear()
    outbox.send('too late', { signal })
    vi.advanceTimersByTime(5)
    connect()
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
    expect(connect().link.written).toEqual(['d'])
  })

  it('does nothing if its queue is empty', () => {
    const { outbox } = start()
    outbox.clear()
    expect(outbox.getCounts()).toMatchObject({ queued: 0, dropped: 0 })
  })
})
