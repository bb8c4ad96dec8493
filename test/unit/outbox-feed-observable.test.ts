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

/** Feeds these, all at once, to an outbox for two messages that cannot deliver; opens it after that. */
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
  it('is sent as it comes, and resolves when the last was handed over', async () => {
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

  it('does not end before its source', async () => {
    const { outbox } = start()
    const source = new Subject<string>()
    const fed = outbox.feed(source)
    source.next('a')
    expect(await fateOf(fed)).toBe('pending')
    source.complete()
    expect(await fateOf(fed)).toBe('resolved')
  })

  it.each<OverflowPolicy | undefined>([undefined, 'reject'])(
    'ends with the first message without room under %s',
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
  ])('goes on under %s, and resolves when all that is left was handed over', async (policy, written) => {
    expect(await feedTooMany(policy)).toEqual({
      isObserved: true,
      before: 'pending',
      after: 'resolved',
      written,
      dropped: 2,
    })
  })

  it('ends with the first message without room, also if the source speaks without taking breath', async () => {
    const { outbox, link } = start({ capacityBytes: 3 })
    expect(await fateOf(outbox.feed(from(['a', 'bbbb', 'c'])))).toEqual(overflow)
    expect(link.written).toEqual(['a'])
  })

  it('rejects with what the source fails with, and still hands over what came before', async () => {
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

  it('leaves the source and takes its messages back when the signal is aborted', async () => {
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

  it('is not subscribed to where the signal was aborted before', async () => {
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

  it('goes by the lifetime of the outbox', async () => {
    const { outbox } = start({ ttlMs: 0, overflow: 'drop-newest' }, new HandMadeLink<string>(false))
    const fed = outbox.feed(from(['a']))
    await expect.poll(() => outbox.getCounts().dropped).toBe(1)
    expect(await fateOf(fed)).toBe('resolved')
  })
})
