import { Subscriber } from 'rxjs'
import { requireEvent, WireError } from '../errors.ts'
import { type Backpressure, withContext } from '../subscription-context.ts'
import { requirePositive } from '../validate.ts'
import type { Wire, WireEvent } from '../wire.ts'

/** Options of {@link toAsyncIterable}. */
export interface AsyncIterableOptions {
  /**
   * How many messages may wait for the consumer, for a transport that cannot pause. One more fails the iteration with
   * kind `overflow`. Default 10,000.
   */
  readonly capacity?: number | undefined
}

/**
 * Returns the messages of a wire for `for await`. Each iteration opens a connection, and leaving the loop closes it. A
 * response body (`fromFetchStream`, `fromEventSource`, `fromDurableStream`) is read only as fast as the loop consumes it,
 * unless the engine is XHR or the native EventSource. Other transports push, and their messages wait in a bounded queue.
 *
 * @throws TypeError if the capacity is not positive.
 *
 * @example
 * ```ts
 * import { fromFetchStream, lines, toAsyncIterable } from 'rxwire'
 *
 * for await (const line of toAsyncIterable(fromFetchStream('/export', { decode: lines() }))) console.info(line)
 * ```
 */
export function toAsyncIterable<T>(wire: Wire<T>, options: AsyncIterableOptions = {}): AsyncIterable<T> {
  const { capacity = 10_000 } = options
  requirePositive('toAsyncIterable: capacity', capacity)
  return { [Symbol.asyncIterator]: () => new MessageIterator(wire, capacity) }
}

class MessageIterator<T> implements AsyncIterator<T, undefined> {
  readonly #capacity: number
  readonly #backpressure: Backpressure = { isRespected: false, ready: () => this.#untilDrained() }
  readonly #queue: T[] = []
  readonly #subscriber: Subscriber<WireEvent<T>>
  #head = 0
  #end: { readonly error?: unknown } | undefined
  #waitingConsumers: (() => void)[] = []
  /** Sources that have paused until the queue is empty. */
  #pausedSources: (() => void)[] = []
  #isOverflowCheckScheduled = false

  constructor(wire: Wire<T>, capacity: number) {
    this.#capacity = capacity
    this.#subscriber = new Subscriber<WireEvent<T>>({
      next: (event) => {
        if (event?.type === 'message') this.#enqueue(event.data)
        else this.#require(event)
      },
      error: (error: unknown) => this.#finish({ error }),
      complete: () => this.#finish({}),
    })
    withContext({ backpressure: this.#backpressure }, () => wire.subscribe(this.#subscriber))
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#queuedCount === 0) {
      if (this.#end !== undefined) return this.#endResult()
      resolveAll(this.#pausedSources)
      await new Promise<void>((resolve) => this.#waitingConsumers.push(resolve))
    }
    return { done: false, value: this.#dequeue() }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#queue.length = 0
    this.#head = 0
    // The consumer has left, so a later error is ignored.
    this.#end = {}
    this.#subscriber.unsubscribe()
    this.#finish({})
    return { done: true, value: undefined }
  }

  get #queuedCount(): number {
    return this.#queue.length - this.#head
  }

  #enqueue(message: T): void {
    this.#queue.push(message)
    resolveAll(this.#waitingConsumers)
    if (this.#queuedCount <= this.#capacity || this.#isOverflowCheckScheduled) return
    if (!this.#backpressure.isRespected) {
      this.#overflow()
      return
    }
    // A source that can pause does so after its current chunk, which may contain any number of messages.
    this.#isOverflowCheckScheduled = true
    const pausedBefore = this.#pausedSources.length
    Promise.resolve().then(() => {
      this.#isOverflowCheckScheduled = false
      if (this.#queuedCount > this.#capacity && this.#pausedSources.length <= pausedBefore) this.#overflow()
    })
  }

  /** A value that is not an event ends the iteration with a `TypeError`. */
  #require(value: unknown): void {
    try {
      requireEvent('toAsyncIterable', value)
    } catch (error) {
      this.#subscriber.unsubscribe()
      this.#finish({ error })
    }
  }

  #overflow(): void {
    this.#subscriber.unsubscribe()
    this.#finish({ error: overflowError(this.#capacity) })
  }

  /** Takes the first message without moving all others each time. */
  #dequeue(): T {
    const value = this.#queue[this.#head] as T
    this.#head += 1
    if (2 * this.#head >= this.#queue.length) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
    return value
  }

  /** Throws the error once. Afterwards, as after the last message, the iteration is done. */
  #endResult(): IteratorResult<T, undefined> {
    const end = this.#end
    this.#end = {}
    if (end !== undefined && 'error' in end) throw end.error
    return { done: true, value: undefined }
  }

  #untilDrained(): Promise<void> {
    if (this.#queuedCount === 0 || this.#end !== undefined) return Promise.resolve()
    return new Promise((resolve) => this.#pausedSources.push(resolve))
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end
    resolveAll(this.#waitingConsumers)
    resolveAll(this.#pausedSources)
  }
}

/** Resolves all pending promises. A consumer that finds no message waits again. */
function resolveAll(resolvers: (() => void)[]): void {
  for (const resolve of resolvers.splice(0)) resolve()
}

function overflowError(capacity: number): WireError {
  return new WireError(
    'overflow',
    `More than ${capacity} messages are waiting for the consumer. Consume them faster, or raise capacity.`,
  )
}
