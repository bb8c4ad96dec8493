import { createOutbox, type OutboxCounts } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { HandMadeLink, narrowLink } from './support/hand-made-link.ts'

const nothing: OutboxCounts = { queued: 0, queuedBytes: 0, sent: 0, dropped: 0, inFlight: 0, buffered: 0 }

describe('outbox counts', () => {
  it('cover queued, sent, dropped and buffered messages', () => {
    const outbox = createOutbox<string>()
    expect(outbox.getCounts()).toEqual(nothing)
    outbox.send('a')
    outbox.send('ä€')
    expect(outbox.getCounts()).toEqual({ ...nothing, queued: 2, queuedBytes: 6 })
    const link = narrowLink<string>()
    link.bufferedBytes = 70
    outbox.attach(link)
    expect(outbox.getCounts()).toEqual({ ...nothing, queued: 1, queuedBytes: 5, sent: 1, buffered: 70 })
    outbox.clear()
    expect(outbox.getCounts()).toEqual({ ...nothing, sent: 1, dropped: 1, buffered: 70 })
  })

  it('include the buffer of the link in use', () => {
    const outbox = createOutbox<string>()
    const [first, second] = [new HandMadeLink<string>(), new HandMadeLink<string>()]
    first.bufferedBytes = 1
    second.bufferedBytes = 2
    const { detach } = outbox.attach(first)
    outbox.attach(second)
    expect(outbox.getCounts().buffered).toBe(1)
    detach()
    expect(outbox.getCounts().buffered).toBe(2)
  })

  it('are emitted on subscribe and on each change until unsubscribed', () => {
    const outbox = createOutbox<string>()
    outbox.send('a')
    const seen: OutboxCounts[] = []
    const subscription = outbox.counts.subscribe((counts) => seen.push(counts))
    expect(seen).toEqual([outbox.getCounts()])
    const steps = [
      () => outbox.send('b'),
      () => outbox.clear(),
      () => outbox.send('c'),
      () => outbox.attach(new HandMadeLink<string>()),
      () => outbox.send('d'),
    ]
    for (const step of steps) {
      const before = seen.length
      step()
      expect(seen.length).toBeGreaterThan(before)
      expect(seen.at(-1)).toEqual(outbox.getCounts())
    }
    subscription.unsubscribe()
    const before = seen.length
    outbox.send('e')
    expect(seen).toHaveLength(before)
  })

  it('are emitted when a message is dropped for lack of room', () => {
    const outbox = createOutbox<string>({ capacity: 1, overflow: 'drop-newest' })
    outbox.send('a')
    const dropped: number[] = []
    outbox.counts.subscribe((counts) => dropped.push(counts.dropped))
    outbox.send('b')
    expect(dropped).toEqual([0, 1])
  })

  it('do not read the buffer of the link without subscribers', () => {
    const outbox = createOutbox<string>()
    let looks = 0
    outbox.attach({
      isWritable: true,
      write: () => {},
      get bufferedBytes() {
        looks += 1
        return 0
      },
    })
    outbox.send('a')
    expect(looks).toBe(0)
    outbox.counts.subscribe().unsubscribe()
    outbox.send('b')
    expect(looks).toBe(1)
  })

  it('are emitted to every subscriber', () => {
    const outbox = createOutbox<string>()
    const seen: string[] = []
    outbox.counts.subscribe(({ queued }) => seen.push(`one ${queued}`))
    outbox.counts.subscribe(({ queued }) => seen.push(`other ${queued}`))
    outbox.send('a')
    expect(seen).toEqual(['one 0', 'other 0', 'one 1', 'other 1'])
  })
})
