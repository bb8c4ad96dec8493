import type { OutboxOptions } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { fateOf, turn } from './support/fates.ts'
import { kinds, outboxToFeed, Source } from './support/feed.ts'
import { HandMadeLink } from './support/hand-made-link.ts'

describe.each(kinds)('a feed from %s with a signal', (_, from) => {
  const reason = new Error('not needed any more')

  it('pulls nothing if the signal was aborted before', async () => {
    const { outbox } = outboxToFeed()
    const source = new Source('a')
    expect(await fateOf(outbox.feed(from(source), { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(source.pulls).toBe(0)
    expect(outbox.getCounts()).toMatchObject({ sent: 0, queued: 0 })
  })

  it.each<[string, OutboxOptions<string>]>([
    ['its message waits', {}],
    ['it waits for room', { capacity: 1 }],
  ])('removes its message, closes its source and stops pulling on abort while %s', async (when, options) => {
    const { outbox, link, drain } = outboxToFeed(options, new HandMadeLink<string>(false))
    const controller = new AbortController()
    const source = new Source('a', 'b')
    if (when === 'it waits for room') outbox.send('x')
    const fed = outbox.feed(from(source), { signal: controller.signal })
    const queued = when === 'it waits for room' ? ['x'] : []
    await turn()
    controller.abort(reason)
    expect(await fateOf(fed)).toBe(reason)
    expect(source.left.mock.calls.at(0)).toEqual([reason])
    expect(outbox.getCounts()).toMatchObject({ queued: queued.length, dropped: 0 })
    await drain()
    expect(link.written).toEqual(queued)
    expect(source.pulls).toBe(1)
  })

  it('ignores an abort after the feed has completed', async () => {
    const { outbox, link } = outboxToFeed({}, new HandMadeLink<string>())
    const controller = new AbortController()
    const source = new Source('a')
    const fed = outbox.feed(from(source), { signal: controller.signal })
    expect(await fateOf(fed)).toBe('resolved')
    controller.abort(reason)
    expect(await fateOf(fed)).toBe('resolved')
    expect(source.left).not.toHaveBeenCalled()
    expect(link.written).toEqual(['a'])
  })

  it('removes its abort listener when the feed completes', async () => {
    const { outbox } = outboxToFeed({}, new HandMadeLink<string>())
    const { signal } = new AbortController()
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    await outbox.feed(from(new Source('a', 'b')), { signal })
    await turn()
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length)
    expect(new Set(remove.mock.calls.map(([, listener]) => listener))).toEqual(
      new Set(add.mock.calls.map(([, listener]) => listener)),
    )
  })

  it('keeps its messages in flight and repeats them on the next link', async () => {
    const { outbox, link, detach } = outboxToFeed(
      { idOf: (message) => message, acknowledge: (id) => id },
      new HandMadeLink<string>(),
    )
    const controller = new AbortController()
    expect(await fateOf(outbox.feed(from(new Source('a', 'b')), { signal: controller.signal }))).toBe('resolved')
    controller.abort(reason)
    detach()
    outbox.attach(link)
    expect(link.written).toEqual(['a', 'b', 'a', 'b'])
  })
})
