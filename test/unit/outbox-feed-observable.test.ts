import { from, Subject } from 'rxjs'
import { createOutbox, type OutboxOptions, type OverflowPolicy } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, unhandledRejections } from './support/fates.ts'
import { HandMadeLink, narrowLink } from './support/hand-made-link.ts'

const overflow = expect.objectContaining({ kind: 'overflow' })

function start(options: OutboxOptions<string> = {}, link = new HandMadeLink<string>()) {
  const outbox = createOutbox<string>(options)
  const { drained } = outbox.attach(link)
  const open = () => {
    link.isWritable = true
    link.onWrite = () => {}
    drained()
  }
  return { outbox, link, open }
}

/** Feeds four messages at once to an outbox with a capacity of two and a closed link, then opens the link. */
async function feedTooMany(policy: OverflowPolicy | undefined) {
  const conflateBy = policy === 'conflate' ? (message: string) => message[0] : undefined
  const { outbox, link, open } = start({ capacity: 2, overflow: policy, conflateBy }, new HandMadeLink<string>(false))
  const source = new Subject<string>()
  const fed = outbox.feed(source)
  for (const message of ['a1', 'b1', 'a2', 'c1']) source.next(message)
  await fateOf(fed)
  const isObserved = source.observed
  source.complete()
  const before = await fateOf(fed)
  const { dropped } = outbox.getCounts()
  open()
  return { isObserved, before, after: await fateOf(fed), written: link.written, dropped }
}

describe('a feed from an Observable', () => {
  it('writes each value at once and resolves when the last one is written', async () => {
    const { outbox, link, open } = start({}, narrowLink())
    const source = new Subject<string>()
    const fed = outbox.feed(source)
    source.next('a')
    source.next('b')
    expect(link.written).toEqual(['a'])
    source.complete()
    expect(await fateOf(fed)).toBe('pending')
    open()
    expect(link.written).toEqual(['a', 'b'])
    expect(await fateOf(fed)).toBe('resolved')
  })

  it('stays pending until its source completes', async () => {
    const { outbox } = start()
    const source = new Subject<string>()
    const fed = outbox.feed(source)
    source.next('a')
    expect(await fateOf(fed)).toBe('pending')
    source.complete()
    expect(await fateOf(fed)).toBe('resolved')
  })

  it.each<OverflowPolicy | undefined>([undefined, 'reject'])(
    'rejects on the first message without room under %s',
    async (policy) => {
      expect(await feedTooMany(policy)).toEqual({
        isObserved: false,
        before: overflow,
        after: overflow,
        written: ['a1', 'b1'],
        dropped: 1,
      })
    },
  )

  it.each<[OverflowPolicy, string[]]>([
    ['drop-newest', ['a1', 'b1']],
    ['drop-oldest', ['a2', 'c1']],
    ['conflate', ['a2', 'b1']],
  ])('continues under %s and resolves when all remaining messages are written', async (policy, written) => {
    expect(await feedTooMany(policy)).toEqual({
      isObserved: true,
      before: 'pending',
      after: 'resolved',
      written,
      dropped: 2,
    })
  })

  it('rejects on the first message without room even if the source is synchronous', async () => {
    const { outbox, link } = start({ capacityBytes: 3 })
    expect(await fateOf(outbox.feed(from(['a', 'bbbb', 'c'])))).toEqual(overflow)
    expect(link.written).toEqual(['a'])
  })

  it('rejects with the error of its source and still writes the earlier messages', async () => {
    const { outbox, link, open } = start({}, new HandMadeLink<string>(false))
    const source = new Subject<string>()
    const fed = outbox.feed(source)
    source.next('a')
    const bug = new RangeError('a bug of mine')
    source.error(bug)
    expect(await fateOf(fed)).toBe(bug)
    open()
    expect(link.written).toEqual(['a'])
  })

  it('unsubscribes from its source and removes its messages when the signal is aborted', async () => {
    const { outbox, link, open } = start({}, new HandMadeLink<string>(false))
    const controller = new AbortController()
    const source = new Subject<string>()
    const reason = new Error('not needed any more')
    outbox.send('x')
    const rejections = await unhandledRejections(async () => {
      const fed = outbox.feed(source, { signal: controller.signal })
      source.next('a')
      source.next('b')
      controller.abort(reason)
      expect(source.observed).toBe(false)
      expect(await fateOf(fed)).toBe(reason)
    })
    expect(rejections).toEqual([])
    expect(outbox.getCounts()).toMatchObject({ queued: 1, dropped: 0 })
    open()
    expect(link.written).toEqual(['x'])
  })

  it('does not subscribe to its source if the signal was aborted before', async () => {
    const { outbox } = start()
    const reason = new Error('not needed any more')
    let subscriptions = 0
    const source = new Subject<string>()
    const counting = from(source)
    counting.subscribe = (() => {
      subscriptions += 1
    }) as unknown as typeof counting.subscribe
    expect(await fateOf(outbox.feed(counting, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(subscriptions).toBe(0)
  })

  it('applies the ttlMs of the outbox', async () => {
    const { outbox } = start({ ttlMs: 0, overflow: 'drop-newest' }, new HandMadeLink<string>(false))
    const fed = outbox.feed(from(['a']))
    await expect.poll(() => outbox.getCounts().dropped).toBe(1)
    expect(await fateOf(fed)).toBe('resolved')
  })
})
