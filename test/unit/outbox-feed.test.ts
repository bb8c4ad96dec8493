import type { FeedSource } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { fateOf, fatesOf, turn, unhandledRejections } from './support/fates.ts'
import { kinds, outboxToFeed, Source } from './support/feed.ts'
import { HandMadeLink } from './support/hand-made-link.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const overflow = expect.objectContaining({ kind: 'overflow' })

describe.each(kinds)('a feed from %s', (_, from) => {
  it('writes its messages in order and resolves when the last one is written', async () => {
    const { outbox, link, drain } = outboxToFeed()
    const fed = outbox.feed(from(new Source('a', 'b', 'c')))
    expect(await fateOf(fed)).toBe('pending')
    expect(link.written).toEqual(['a'])
    await drain()
    expect(await fateOf(fed)).toBe('pending')
    await drain()
    expect(link.written).toEqual(['a', 'b', 'c'])
    expect(await fateOf(fed)).toBe('resolved')
  })

  it('pulls at most one message ahead while the link is not writable', async () => {
    const { outbox, drain } = outboxToFeed({}, new HandMadeLink<string>(false))
    const source = new Source('a', 'b', 'c', 'd')
    outbox.feed(from(source))
    await turn()
    expect(source.pulls).toBe(1)
    await turn()
    expect(source.pulls).toBe(1)
    expect(outbox.getCounts()).toMatchObject({ queued: 1 })
    const { link, drain: drainNarrow, outbox: narrow } = outboxToFeed()
    const other = new Source('a', 'b', 'c', 'd')
    narrow.feed(from(other))
    await turn()
    for (const written of [1, 2, 3]) {
      expect(link.written).toHaveLength(written)
      expect(other.pulls).toBe(written + 1)
      await drainNarrow()
    }
    await drain()
    expect(source.pulls).toBe(5)
  })

  it('waits for room in a full outbox and drops nothing', async () => {
    const { outbox, link, drain } = outboxToFeed({ capacity: 1 }, new HandMadeLink<string>(false))
    outbox.send('x')
    const source = new Source('a', 'b')
    const fed = outbox.feed(from(source))
    await turn()
    expect(source.pulls).toBe(1)
    expect(outbox.getCounts()).toMatchObject({ queued: 1, dropped: 0 })
    await drain()
    expect(await fateOf(fed)).toBe('resolved')
    expect(link.written).toEqual(['x', 'a', 'b'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 3, dropped: 0 })
  })

  it('keeps waiting when a change of the outbox makes no room', async () => {
    const { outbox, link, drain } = outboxToFeed(
      { capacity: 1, overflow: 'drop-newest' },
      new HandMadeLink<string>(false),
    )
    outbox.send('x')
    const fed = outbox.feed(from(new Source('a')))
    await turn()
    outbox.send('refused')
    await turn()
    expect(outbox.getCounts()).toMatchObject({ queued: 1, dropped: 1 })
    await drain()
    expect(await fateOf(fed)).toBe('resolved')
    expect(link.written).toEqual(['x', 'a'])
  })

  it('waits for room in bytes, including messages in flight', async () => {
    const { outbox, link, received } = outboxToFeed(
      { capacityBytes: 3, idOf: (message) => message, acknowledge: (id) => id },
      new HandMadeLink<string>(),
    )
    outbox.send('aa')
    const fed = outbox.feed(from(new Source('bb', 'c')))
    expect(await fateOf(fed)).toBe('pending')
    expect(link.written).toEqual(['aa'])
    received('aa')
    expect(await fateOf(fed)).toBe('resolved')
    expect(link.written).toEqual(['aa', 'bb', 'c'])
  })

  it('accepts messages as large as capacityBytes', async () => {
    const { outbox, link } = outboxToFeed({ capacityBytes: 3 }, new HandMadeLink<string>())
    expect(await fateOf(outbox.feed(from(new Source('aaa', 'bbb'))))).toBe('resolved')
    expect(link.written).toEqual(['aaa', 'bbb'])
  })

  it('ignores the ttlMs of the outbox', async () => {
    const { outbox, drain } = outboxToFeed({ ttlMs: 10 }, new HandMadeLink<string>(false))
    const fed = outbox.feed(from(new Source('a')))
    await turn()
    vi.advanceTimersByTime(1_000)
    await drain()
    expect(await fateOf(fed)).toBe('resolved')
  })

  it('rejects and closes its source when a message is larger than capacityBytes', async () => {
    const { outbox, link } = outboxToFeed({ capacityBytes: 3 }, new HandMadeLink<string>())
    const source = new Source('a', 'bbbb', 'c')
    expect(await fateOf(outbox.feed(from(source)))).toEqual(overflow)
    expect(link.written).toEqual(['a'])
    expect(source.pulls).toBe(2)
    expect(source.left).toHaveBeenCalledExactlyOnceWith(overflow)
  })

  it('rejects and closes its source when a message cannot be encoded', async () => {
    const link = new HandMadeLink<string>()
    link.onWrite = () => {
      throw new RangeError('no')
    }
    const source = new Source('a', 'b')
    const { outbox } = outboxToFeed({}, link)
    expect(await fateOf(outbox.feed(from(source)))).toBeInstanceOf(TypeError)
    expect(source.pulls).toBe(1)
    expect(source.left).toHaveBeenCalledTimes(1)
  })

  it('rejects and closes its source when the outbox is cleared', async () => {
    const { outbox } = outboxToFeed({}, new HandMadeLink<string>(false))
    const source = new Source('a', 'b')
    const fed = outbox.feed(from(source))
    await turn()
    outbox.clear()
    expect(await fateOf(fed)).toMatchObject({ kind: 'closed' })
    expect(source.pulls).toBe(1)
    expect(source.left).toHaveBeenCalledTimes(1)
  })

  it('continues on the next link when its link is detached', async () => {
    const { outbox, link, detach } = outboxToFeed()
    const fed = outbox.feed(from(new Source('a', 'b', 'c')))
    await turn()
    detach()
    const next = new HandMadeLink<string>()
    outbox.attach(next)
    expect(await fateOf(fed)).toBe('resolved')
    expect([link.written, next.written]).toEqual([['a'], ['b', 'c']])
  })

  it('keeps its queued message ahead of one that is sent later', async () => {
    const { outbox, link, drain } = outboxToFeed({}, new HandMadeLink<string>(false))
    const fed = outbox.feed(from(new Source('a', 'b')))
    await turn()
    outbox.send('x')
    await drain()
    expect(await fateOf(fed)).toBe('resolved')
    expect(link.written).toEqual(['a', 'x', 'b'])
  })
})

describe('feed', () => {
  it('rejects with the error of its source after the earlier messages are written', async () => {
    const { outbox, link } = outboxToFeed({}, new HandMadeLink<string>())
    const bug = new RangeError('a bug of mine')
    const throwing = async function* () {
      yield 'a'
      throw bug
    }
    expect(await fateOf(outbox.feed(throwing()))).toBe(bug)
    expect(link.written).toEqual(['a'])
    const failing = new ReadableStream<string>({
      pull: (controller) => controller.error(bug),
    })
    expect(await fateOf(outbox.feed(failing))).toBe(bug)
  })

  it('reads a stream on hosts whose streams are not async iterable', async () => {
    const { outbox, link } = outboxToFeed({}, new HandMadeLink<string>())
    const stream = new Source('a', 'b').stream()
    const bare = { getReader: () => stream.getReader() } as unknown as ReadableStream<string>
    expect(await fateOf(outbox.feed(bare))).toBe('resolved')
    expect(link.written).toEqual(['a', 'b'])
  })

  it('releases a stream that it has read to its end, and one that it leaves', async () => {
    const { outbox } = outboxToFeed({}, new HandMadeLink<string>())
    const whole = new Source('a', 'b').stream()
    expect(await fateOf(outbox.feed(whole))).toBe('resolved')
    expect(whole.locked).toBe(false)
    const controller = new AbortController()
    const endless = new ReadableStream<string>()
    const fed = outbox.feed(endless, { signal: controller.signal })
    await turn()
    controller.abort()
    await fateOf(fed)
    expect(endless.locked).toBe(false)
  })

  it('rejects on abort even if its source hangs', async () => {
    const { outbox, link } = outboxToFeed({}, new HandMadeLink<string>())
    const controller = new AbortController()
    const reason = new Error('not needed any more')
    let goOn = (_: IteratorResult<string>) => {}
    const hanging: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => {
            goOn = resolve
          }),
      }),
    }
    const fed = outbox.feed(hanging, { signal: controller.signal })
    await turn()
    controller.abort(reason)
    expect(await fateOf(fed)).toBe(reason)
    goOn({ value: 'too late' })
    await turn()
    expect(link.written).toEqual([])
  })

  it('runs the finally block of a generator on abort', async () => {
    const { outbox } = outboxToFeed({}, new HandMadeLink<string>(false))
    const controller = new AbortController()
    const left = vi.fn()
    const generator = async function* () {
      try {
        for (;;) yield 'a'
      } finally {
        left()
      }
    }
    const fed = outbox.feed(generator(), { signal: controller.signal })
    await turn()
    controller.abort()
    expect(await fateOf(fed)).toMatchObject({ name: 'AbortError' })
    expect(left).toHaveBeenCalledTimes(1)
  })

  it('ignores an error that its source throws while it is closed', async () => {
    const { outbox } = outboxToFeed({}, new HandMadeLink<string>(false))
    const controller = new AbortController()
    const reason = new Error('not needed any more')
    const stream = new ReadableStream<string>({
      pull: (each) => each.enqueue('a'),
      cancel: () => Promise.reject(new RangeError('a bug of mine')),
    })
    const rejections = await unhandledRejections(async () => {
      const fed = outbox.feed(stream, { signal: controller.signal })
      await turn()
      controller.abort(reason)
      expect(await fateOf(fed)).toBe(reason)
    })
    expect(rejections).toEqual([])
  })

  it('rejects with a TypeError for a value that is not a source', async () => {
    const { outbox } = outboxToFeed()
    const others = [['a', 'b'], {}, 'abc', 7, undefined, null] as unknown as FeedSource<string>[]
    for (const fate of await fatesOf(...others.map((other) => outbox.feed(other)))) {
      expect(fate).toBeInstanceOf(TypeError)
    }
  })
})

it('a feed rejects instead of waiting forever if sizeOf returns NaN', async () => {
  const { outbox } = outboxToFeed({ sizeOf: () => Number.NaN }, new HandMadeLink<string>())
  expect(await fateOf(outbox.feed(new Source('a').iterable()))).toBeInstanceOf(Error)
})
