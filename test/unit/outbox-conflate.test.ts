import { createOutbox } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'
import { HandMadeLink, handedOver } from './support/hand-made-link.ts'

const overflow = expect.objectContaining({ kind: 'overflow', retryable: false })

/** A price: what it is about, and what it says. */
type Price = readonly [topic: string, price: string]

function prices(options: { capacity?: number; capacityBytes?: number }) {
  return createOutbox<Price>({
    ...options,
    overflow: 'conflate',
    conflateBy: ([topic]) => topic,
    sizeOf: ([, price]) => price.length,
  })
}

describe('an outbox that conflates', () => {
  it('puts a message in the place of a waiting one about the same, with room as well', async () => {
    const outbox = prices({})
    const sends = [
      outbox.send(['eur', '1']),
      outbox.send(['usd', '2']),
      outbox.send(['eur', '3']),
      outbox.send(['eur', '4']),
    ]
    expect(await fatesOf(...sends)).toEqual([overflow, 'pending', overflow, 'pending'])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, queuedBytes: 2, dropped: 2 })
    expect(handedOver(outbox)).toEqual([
      ['eur', '4'],
      ['usd', '2'],
    ])
  })

  it('finds a place where there is no room, and rejects what has neither', async () => {
    const outbox = prices({ capacity: 2 })
    const sends = [
      outbox.send(['eur', '1']),
      outbox.send(['usd', '2']),
      outbox.send(['gbp', '3']),
      outbox.send(['usd', '4']),
    ]
    expect(await fatesOf(...sends)).toEqual(['pending', overflow, overflow, 'pending'])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, dropped: 2 })
  })

  it('lets a larger message take the place as long as its bytes fit, and keeps the old one where they do not', async () => {
    const outbox = prices({ capacityBytes: 5 })
    const sends = [
      outbox.send(['eur', '12']),
      outbox.send(['usd', '2']),
      outbox.send(['eur', '1234']),
      outbox.send(['eur', '12345']),
    ]
    expect(await fatesOf(...sends)).toEqual([overflow, 'pending', 'pending', overflow])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, queuedBytes: 5, dropped: 2 })
    expect(handedOver(outbox)).toEqual([
      ['eur', '1234'],
      ['usd', '2'],
    ])
  })

  it('does not take for the same what is about nothing', () => {
    const outbox = createOutbox<string>({ overflow: 'conflate', conflateBy: () => undefined })
    outbox.send('a')
    outbox.send('b')
    expect(handedOver(outbox)).toEqual(['a', 'b'])
  })

  it('replaces nothing that was handed over, taken back or given up', async () => {
    const outbox = prices({})
    const link = new HandMadeLink<Price>()
    const { detach } = outbox.attach(link)
    const gone = outbox.send(['eur', '1'])
    detach()
    const controller = new AbortController()
    outbox.send(['eur', '2'], { signal: controller.signal })
    controller.abort()
    outbox.send(['eur', '3'])
    outbox.clear()
    expect(await fatesOf(gone, outbox.send(['eur', '4']))).toEqual(['resolved', 'pending'])
    expect(outbox.getCounts()).toMatchObject({ queued: 1, queuedBytes: 1, dropped: 1 })
    expect(handedOver(outbox)).toEqual([['eur', '4']])
  })

  it('does not put a message that is fed in the place of another, nor another in its place', async () => {
    const outbox = prices({})
    outbox.send(['eur', '1'])
    await fateOf(
      outbox.feed(
        (async function* (): AsyncGenerator<Price> {
          yield ['eur', '2']
        })(),
      ),
    )
    outbox.send(['eur', '3'])
    expect(handedOver(outbox)).toEqual([
      ['eur', '3'],
      ['eur', '2'],
    ])
  })

  it('rejects with what conflateBy throws', async () => {
    const bug = new RangeError('a bug of mine')
    const outbox = createOutbox<string>({
      overflow: 'conflate',
      conflateBy: () => {
        throw bug
      },
    })
    expect(await fateOf(outbox.send('a'))).toBe(bug)
    expect(outbox.getCounts().queued).toBe(0)
  })
})
