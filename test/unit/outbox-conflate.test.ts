import { createOutbox } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'
import { HandMadeLink, written } from './support/hand-made-link.ts'

const overflow = expect.objectContaining({ kind: 'overflow', retryable: false })

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
  it('replaces the queued message of the same topic even if there is room', async () => {
    const outbox = prices({})
    const sends = [
      outbox.send(['eur', '1']),
      outbox.send(['usd', '2']),
      outbox.send(['eur', '3']),
      outbox.send(['eur', '4']),
    ]
    expect(await fatesOf(...sends)).toEqual([overflow, 'pending', overflow, 'pending'])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, queuedBytes: 2, dropped: 2 })
    expect(written(outbox)).toEqual([
      ['eur', '4'],
      ['usd', '2'],
    ])
  })

  it('replaces a queued message in a full queue and rejects a message of a new topic', async () => {
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

  it('replaces a message with a larger one if its bytes fit and keeps the old one otherwise', async () => {
    const outbox = prices({ capacityBytes: 5 })
    const sends = [
      outbox.send(['eur', '12']),
      outbox.send(['usd', '2']),
      outbox.send(['eur', '1234']),
      outbox.send(['eur', '12345']),
    ]
    expect(await fatesOf(...sends)).toEqual([overflow, 'pending', 'pending', overflow])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, queuedBytes: 5, dropped: 2 })
    expect(written(outbox)).toEqual([
      ['eur', '1234'],
      ['usd', '2'],
    ])
  })

  it('does not conflate messages whose topic is undefined', () => {
    const outbox = createOutbox<string>({ overflow: 'conflate', conflateBy: () => undefined })
    outbox.send('a')
    outbox.send('b')
    expect(written(outbox)).toEqual(['a', 'b'])
  })

  it('does not replace a message that was written, aborted or cleared', async () => {
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
    expect(written(outbox)).toEqual([['eur', '4']])
  })

  it('neither conflates a fed message nor replaces it', async () => {
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
    expect(written(outbox)).toEqual([
      ['eur', '3'],
      ['eur', '2'],
    ])
  })

  it('rejects with a TypeError that names conflateBy if it throws', async () => {
    const bug = new RangeError('a bug of mine')
    const outbox = createOutbox<string>({
      overflow: 'conflate',
      conflateBy: () => {
        throw bug
      },
    })
    const fate = await fateOf(outbox.send('a'))
    expect(fate).toBeInstanceOf(TypeError)
    expect(fate).toMatchObject({ message: expect.stringContaining('conflateBy'), cause: { cause: bug } })
    expect(outbox.getCounts()).toMatchObject({ queued: 0, dropped: 1 })
  })
})
