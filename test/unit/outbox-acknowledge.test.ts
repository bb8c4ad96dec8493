import { createOutbox, type OutboxOptions } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'
import { HandMadeLink } from './support/hand-made-link.ts'

/** An outbox whose messages are acknowledged by an echo, and a function that attaches a link. */
function start(options: OutboxOptions<string, string> = {}) {
  const outbox = createOutbox<string, string>({
    idOf: (message) => message,
    acknowledge: (incoming) => (incoming === 'no answer' ? undefined : incoming),
    ...options,
  })
  const connect = (link = new HandMadeLink<string>()) => ({ link, ...outbox.attach(link) })
  return { outbox, connect }
}

describe('an outbox with acknowledge', () => {
  it('keeps a written message in flight until it is acknowledged', () => {
    const { outbox, connect } = start()
    const { received } = connect()
    outbox.send('a')
    outbox.send('b')
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, sent: 2, inFlight: 2 })
    received('no answer')
    received('c')
    expect(outbox.getCounts()).toMatchObject({ inFlight: 2 })
    received('b')
    expect(outbox.getCounts()).toMatchObject({ inFlight: 1 })
    received('b')
    received('a')
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 2, dropped: 0, inFlight: 0 })
  })

  it('writes unacknowledged messages again, in order and before all others', () => {
    const { outbox, connect } = start()
    const first = connect()
    for (const message of ['a', 'b', 'c']) outbox.send(message)
    first.link.isWritable = false
    outbox.send('d')
    first.received('b')
    first.detach()
    expect(outbox.getCounts()).toMatchObject({ queued: 3, queuedBytes: 3, inFlight: 0 })
    outbox.send('e')
    const second = connect()
    expect(second.link.written).toEqual(['a', 'c', 'd', 'e'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 7, inFlight: 4 })
  })

  it('repeats a message on each connection until it is acknowledged', () => {
    const { outbox, connect } = start()
    outbox.send('a')
    outbox.send('b')
    for (let connection = 0; connection < 4; connection++) {
      const { link, detach } = connect()
      expect(link.written).toEqual(['a', 'b'])
      detach()
    }
    const { received, detach } = connect()
    received('a')
    detach()
    expect(connect().link.written).toEqual(['b'])
  })

  it('writes a message once per connection', () => {
    const { outbox, connect } = start()
    const { link, drained } = connect()
    outbox.send('a')
    drained()
    outbox.send('b')
    expect(link.written).toEqual(['a', 'b'])
  })

  it('accepts the acknowledgement of a requeued message from a later connection', async () => {
    const { outbox, connect } = start()
    const first = connect()
    const acknowledged = outbox.send('a', { until: 'acknowledged' })
    outbox.send('b')
    first.detach()
    const { link, received, drained } = connect(new HandMadeLink<string>(false))
    received('a')
    expect(await fateOf(acknowledged)).toBe('resolved')
    expect(outbox.getCounts()).toMatchObject({ queued: 1, queuedBytes: 1, inFlight: 0 })
    link.isWritable = true
    drained()
    expect(link.written).toEqual(['b'])
  })

  it('keeps messages in flight when an unused link is detached', () => {
    const { outbox, connect } = start()
    const used = connect()
    const idle = connect()
    outbox.send('a')
    idle.detach()
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 1 })
    expect(used.link.written).toEqual(['a'])
  })

  it('writes unacknowledged messages to the next link at once', () => {
    const { outbox, connect } = start()
    const first = connect()
    const next = connect()
    outbox.send('a')
    first.detach()
    expect(next.link.written).toEqual(['a'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 1, sent: 2 })
  })

  it('emits new counts after an acknowledgement', () => {
    const { outbox, connect } = start()
    const { received } = connect()
    outbox.send('a')
    const inFlight: number[] = []
    outbox.counts.subscribe((counts) => inFlight.push(counts.inFlight))
    received('no answer')
    received('a')
    expect(inFlight).toEqual([1, 0])
  })

  it('resolves send when the message is written, or acknowledged if the caller asks for that', async () => {
    const { outbox, connect } = start()
    const sends = [outbox.send('a'), outbox.send('b', { until: 'sent' }), outbox.send('c', { until: 'acknowledged' })]
    expect(await fatesOf(...sends)).toEqual(['pending', 'pending', 'pending'])
    const { received } = connect()
    expect(await fatesOf(...sends)).toEqual(['resolved', 'resolved', 'pending'])
    received('c')
    expect(await fatesOf(...sends)).toEqual(['resolved', 'resolved', 'resolved'])
  })

  it('rejects a message whose id is pending and accepts the id again after the acknowledgement', async () => {
    const { outbox, connect } = start()
    outbox.send('a')
    const refused = await fateOf(outbox.send('a'))
    expect(refused).toBeInstanceOf(TypeError)
    expect(refused).toHaveProperty('message', expect.stringContaining('"a"'))
    const { received } = connect()
    expect(await fateOf(outbox.send('a'))).toBeInstanceOf(TypeError)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 1, sent: 1 })
    received('a')
    expect(await fateOf(outbox.send('a'))).toBe('resolved')
  })

  it('drops nothing for a message that it rejects because of its id', async () => {
    const { outbox } = start({ capacity: 2, overflow: 'drop-oldest' })
    const [oldest, twin] = [outbox.send('a'), outbox.send('b')]
    const refused = outbox.send('b')
    expect(await fatesOf(oldest, twin, refused)).toEqual(['pending', 'pending', expect.any(TypeError)])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, dropped: 0 })
  })

  it('accepts the id of a dropped message again', async () => {
    const { outbox } = start({ capacity: 1, overflow: 'drop-oldest' })
    outbox.send('a')
    outbox.send('b')
    expect(await fateOf(outbox.send('a'))).toBe('pending')
  })

  it('rejects a fed message whose id is pending, even if it has to wait for room', async () => {
    const { outbox, connect } = start({ capacity: 2 })
    const { link, received } = connect()
    outbox.send('a')
    outbox.send('b')
    const fed = outbox.feed(
      (async function* () {
        yield 'b'
      })(),
    )
    expect(await fateOf(fed)).toBe('pending')
    received('a')
    expect(await fateOf(fed)).toBeInstanceOf(TypeError)
    expect(link.written).toEqual(['a', 'b'])
  })

  it('drops a requeued message under conflate if a newer one of its topic is queued', async () => {
    const { outbox, connect } = start({ overflow: 'conflate', conflateBy: (message) => message[0] })
    const first = connect()
    const old = outbox.send('a1', { until: 'acknowledged' })
    outbox.send('b1')
    const older = outbox.send('b2', { until: 'acknowledged' })
    first.link.isWritable = false
    outbox.send('a2')
    expect(outbox.getCounts()).toMatchObject({ inFlight: 3, queued: 1, dropped: 0 })
    first.detach()
    expect(await fatesOf(old, older)).toEqual([expect.objectContaining({ kind: 'overflow' }), 'pending'])
    expect(outbox.getCounts()).toMatchObject({ inFlight: 0, queued: 2, dropped: 2 })
    expect(connect().link.written).toEqual(['b2', 'a2'])
  })

  it('does not conflate a message in flight', () => {
    const { outbox, connect } = start({ overflow: 'conflate', conflateBy: (message) => message[0] })
    const { link } = connect()
    outbox.send('a1')
    outbox.send('a2')
    expect(link.written).toEqual(['a1', 'a2'])
    expect(outbox.getCounts()).toMatchObject({ inFlight: 2, dropped: 0 })
  })

  it('rejects messages in flight when it is cleared', async () => {
    const { outbox, connect } = start()
    const { link, received, detach } = connect()
    const flying = outbox.send('a', { until: 'acknowledged' })
    link.isWritable = false
    const waiting = outbox.send('b')
    outbox.clear()
    const closed = expect.objectContaining({ kind: 'closed' })
    expect(await fatesOf(flying, waiting)).toEqual([closed, closed])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, inFlight: 0, dropped: 2 })
    received('a')
    detach()
    expect(connect().link.written).toEqual([])
  })
})

it('send rejects with a TypeError if it waits for an acknowledgement without acknowledge', async () => {
  const outbox = createOutbox<string>({ idOf: (message) => message })
  const refused = await fateOf(outbox.send('a', { until: 'acknowledged' }))
  expect(refused).toBeInstanceOf(TypeError)
  expect(refused).toHaveProperty('message', expect.stringContaining('needs an outbox with acknowledge'))
  expect(outbox.getCounts().queued).toBe(0)
})

it('an outbox without acknowledge ignores ids', async () => {
  const outbox = createOutbox<string>({ idOf: () => 'the same' })
  outbox.send('a')
  expect(await fateOf(outbox.send('b'))).toBe('pending')
  const link = new HandMadeLink<string>()
  outbox.attach(link).received('the same')
  expect(link.written).toEqual(['a', 'b'])
  expect(outbox.getCounts()).toMatchObject({ inFlight: 0, sent: 2 })
})
