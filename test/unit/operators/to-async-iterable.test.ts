import { concat, merge, Observable, type Subscriber } from 'rxjs'
import { toAsyncIterable, type Wire, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { takeContext } from '../../../src/subscription-context.ts'
import { lost } from '../support/attempts.ts'
import { WireSubject } from '../support/wire-subject.ts'

function iterate<T>(wire: Wire<T>, capacity?: number): AsyncIterator<T> {
  return toAsyncIterable(wire, { capacity })[Symbol.asyncIterator]()
}

async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = []
  for await (const each of iterable) taken.push(each)
  return taken
}

/** Waits until pending promise callbacks and due timers have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

/** Whether the promise is still pending. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  const settle = () => {
    pending = false
  }
  promise.then(settle, settle)
  await settled()
  return pending
}

/** A source that respects backpressure. It reads the next chunk of messages when there is room. */
class HeldSource<T> {
  reads = 0
  isLeft = false
  readonly wire: Wire<T> = new Observable<WireEvent<T>>((subscriber) => {
    const backpressure = takeContext((context) => context.backpressure)
    if (backpressure !== undefined) backpressure.isRespected = true
    subscriber.add(() => {
      this.isLeft = true
    })
    void this.#run(subscriber, async () => backpressure?.ready())
  })
  readonly #pieces: readonly (readonly T[])[]

  constructor(pieces: readonly (readonly T[])[]) {
    this.#pieces = pieces
  }

  async #run(subscriber: Subscriber<WireEvent<T>>, ready: () => Promise<void>): Promise<void> {
    await Promise.resolve()
    for (const piece of this.#pieces) {
      if (subscriber.closed) return
      this.reads += 1
      for (const data of piece) subscriber.next({ type: 'message', data })
      await ready()
    }
    subscriber.complete()
  }
}

const done = { done: true, value: undefined }
const value = <T>(given: T) => ({ done: false, value: given })

describe('toAsyncIterable', () => {
  it('yields buffered and awaited messages in order and nothing else', async () => {
    const wire = new WireSubject<string | undefined>()
    const iterator = iterate(wire)
    wire.open()
    wire.messages('a', undefined)
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    expect(await iterator.next()).toEqual(value('a'))
    expect(await iterator.next()).toEqual(value(undefined))
    const next = iterator.next()
    expect(await isPending(next)).toBe(true)
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    expect(await isPending(next)).toBe(true)
    wire.messages('c', 'd')
    expect(await next).toEqual(value('c'))
    expect(await iterator.next()).toEqual(value('d'))
    wire.next({ type: 'close', wasClean: true })
    wire.complete()
    expect(await iterator.next()).toEqual(done)
    expect(await iterator.next()).toEqual(done)
  })

  it('keeps the order however reads and messages alternate', async () => {
    const wire = new WireSubject<number>()
    const iterator = iterate(wire)
    const taken: number[] = []
    let sent = 0
    for (const [send, take] of [
      [3, 1],
      [4, 5],
      [0, 0],
      [10, 3],
      [1, 8],
      [2, 3],
    ] as const) {
      for (let n = 0; n < send; n += 1) wire.messages(sent++)
      for (let n = 0; n < take; n += 1) taken.push((await iterator.next()).value)
    }
    expect(taken).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  it('yields messages that the wire emits during subscribe', async () => {
    const wire = new Observable<WireEvent<number>>((subscriber) => {
      for (const data of [1, 2, 3]) subscriber.next({ type: 'message', data })
      subscriber.complete()
    })
    expect(await all(toAsyncIterable(wire))).toEqual([1, 2, 3])
  })

  it('connects once per iteration and not before', () => {
    let subscribed = 0
    const wire = new Observable<WireEvent<number>>(() => {
      subscribed += 1
    })
    const iterable = toAsyncIterable(wire)
    expect(subscribed).toBe(0)
    iterable[Symbol.asyncIterator]()
    iterable[Symbol.asyncIterator]()
    expect(subscribed).toBe(2)
  })

  it('throws the error of the wire once, after the last message', async () => {
    const wire = new WireSubject<string>()
    const iterator = iterate(wire)
    wire.messages('a', 'b')
    const error = lost()
    wire.error(error)
    expect(await iterator.next()).toEqual(value('a'))
    expect(await iterator.next()).toEqual(value('b'))
    await expect(iterator.next()).rejects.toBe(error)
    expect(await iterator.next()).toEqual(done)
  })

  it('rejects a pending read with the error of the wire', async () => {
    const wire = new WireSubject<string>()
    const next = iterate(wire).next()
    const error = lost()
    wire.error(error)
    await expect(next).rejects.toBe(error)
  })

  it('rejects a pending read with an error that is undefined', async () => {
    const wire = new WireSubject<string>()
    const next = iterate(wire).next()
    wire.error(undefined)
    await expect(next).rejects.toBeUndefined()
  })

  it('rejects with a TypeError for a value that is not an event, and leaves the source', async () => {
    const wire = new WireSubject<string>()
    const iterator = iterate(wire)
    wire.messages('a')
    wire.next('b' as unknown as WireEvent<string>)
    expect(wire.observed).toBe(false)
    expect(await iterator.next()).toEqual(value('a'))
    const message = 'toAsyncIterable needs the events of a wire, got string. Apply messages() once, and last'
    await expect(iterator.next()).rejects.toEqual(new TypeError(message))
  })

  it('resolves several pending reads in order, each with one message', async () => {
    const wire = new WireSubject<string>()
    const iterator = iterate(wire)
    const nexts = [iterator.next(), iterator.next(), iterator.next()]
    wire.messages('a', 'b')
    wire.complete()
    await settled()
    expect(await Promise.race([Promise.all(nexts), settled()])).toEqual([value('a'), value('b'), done])
  })

  describe('on return', () => {
    it('unsubscribes and discards buffered messages', async () => {
      const wire = new WireSubject<string>()
      const iterator = iterate(wire)
      wire.messages('a', 'b')
      expect(await iterator.return?.()).toEqual(done)
      expect(wire.observed).toBe(false)
      expect(await iterator.next()).toEqual(done)
    })

    it('resolves a pending read as done', async () => {
      const iterator = iterate(new WireSubject<string>())
      const next = iterator.next()
      await iterator.return?.()
      expect(await next).toEqual(done)
    })

    it('is done even if the wire has failed', async () => {
      const wire = new WireSubject<string>()
      const iterator = iterate(wire)
      wire.messages('a')
      wire.error(lost())
      await iterator.return?.()
      expect(await iterator.next()).toEqual(done)
    })

    it('releases a source that waits for room', async () => {
      const source = new HeldSource([[1], [2], [3]])
      const iterator = iterate(source.wire)
      await settled()
      await iterator.return?.()
      await settled()
      expect(source.isLeft).toBe(true)
      expect(source.reads).toBe(1)
    })
  })

  describe('of a wire that ignores backpressure', () => {
    it('buffers as many messages as its capacity', async () => {
      const wire = new WireSubject<number>()
      const iterable = toAsyncIterable(wire, { capacity: 3 })
      const iterator = iterable[Symbol.asyncIterator]()
      wire.messages(1, 2, 3)
      expect(await iterator.next()).toEqual(value(1))
      wire.messages(4)
      wire.complete()
      for (const n of [2, 3, 4]) expect(await iterator.next()).toEqual(value(n))
      expect(await iterator.next()).toEqual(done)
    })

    it('fails with an overflow error after the buffered messages and unsubscribes from the wire', async () => {
      const wire = new WireSubject<number>()
      const iterator = iterate(wire, 3)
      wire.messages(1, 2, 3, 4, 5)
      expect(wire.observed).toBe(false)
      for (const n of [1, 2, 3, 4]) expect(await iterator.next()).toEqual(value(n))
      const error = await Promise.resolve(iterator.next()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(WireError)
      expect(error).toMatchObject({ kind: 'overflow', retryable: false, message: expect.stringMatching(/3.*capacity/) })
      expect(await iterator.next()).toEqual(done)
    })

    it('fails with an overflow error if the wire overflows during subscribe', async () => {
      const wire = new Observable<WireEvent<number>>((subscriber) => {
        for (let data = 0; !subscriber.closed; data += 1) subscriber.next({ type: 'message', data })
      })
      await expect(all(toAsyncIterable(wire, { capacity: 5 }))).rejects.toMatchObject({ kind: 'overflow' })
    })

    it('buffers 10,000 messages by default', async () => {
      const wire = new WireSubject<number>()
      iterate(wire)
      for (let n = 0; n < 10_000; n += 1) wire.messages(n)
      expect(wire.observed).toBe(true)
      wire.messages(10_000)
      expect(wire.observed).toBe(false)
    })
  })

  describe('of a wire that respects backpressure', () => {
    it('reads the next chunk only when the buffer is empty and a read is pending', async () => {
      const source = new HeldSource([
        [1, 2],
        [3, 4],
      ])
      const iterator = iterate(source.wire)
      await settled()
      expect(source.reads).toBe(1)
      expect(await iterator.next()).toEqual(value(1))
      expect(await iterator.next()).toEqual(value(2))
      await settled()
      expect(source.reads).toBe(1)
      expect(await iterator.next()).toEqual(value(3))
      await settled()
      expect(source.reads).toBe(2)
    })

    it('reads the next chunk at once after a chunk without messages', async () => {
      const source = new HeldSource<number>([[], [], [1], [2]])
      const iterator = iterate(source.wire)
      await settled()
      expect(source.reads).toBe(3)
      expect(await iterator.next()).toEqual(value(1))
    })

    it('accepts a chunk with more messages than its capacity and drops nothing', async () => {
      const source = new HeldSource([Array.from({ length: 1_000 }, (_, index) => index), [1_000]])
      expect(await all(toAsyncIterable(source.wire, { capacity: 2 }))).toHaveLength(1_001)
    })

    it('yields all messages of two merged wires', async () => {
      const [odd, even] = [new HeldSource([[1], [3], [5]]), new HeldSource([[2], [4], [6]])]
      const taken = all(toAsyncIterable(merge(odd.wire, even.wire)))
      expect(await isPending(taken)).toBe(false)
      expect((await taken).toSorted()).toEqual([1, 2, 3, 4, 5, 6])
    })

    it('fails with an overflow error if a merged wire ignores backpressure', async () => {
      const pushed = new WireSubject<number>()
      const iterator = iterate(merge(new HeldSource([[1]]).wire, pushed), 3)
      await settled()
      for (let n = 0; n < 1_000; n += 1) pushed.messages(n)
      await settled()
      expect(pushed.observed).toBe(false)
      await iterator.return?.()
    })

    it('applies backpressure to a source that is subscribed later, or fails with an overflow error', async () => {
      const second = new HeldSource(Array.from({ length: 1_000 }, (_, index) => [index]))
      const iterator = iterate(concat(new HeldSource([[]]).wire, second.wire), 3)
      await settled()
      await settled()
      expect(second.reads).toBeLessThan(10)
      await iterator.return?.()
    })
  })

  it.each([0, -1, Number.NaN])('throws a TypeError for a capacity of %d', (capacity) => {
    expect(() => toAsyncIterable(new WireSubject(), { capacity })).toThrow(TypeError)
  })
})
