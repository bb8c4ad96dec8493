import { Subscriber } from 'rxjs'
import { type Demand, withDemand } from './demand.ts'
import { WireError } from './errors.ts'
import { requirePositive } from './validate.ts'
import type { Wire, WireEvent } from './wire.ts'

/** Options of {@link toAsyncIterable}. */
export interface AsyncIterableOptions {
  /**
   * How many messages may wait for the consumer, where the transport cannot be held back; one more fails the
   * iteration with kind `overflow`. Default 10,000.
   */
  readonly capacity?: number | undefined
}

/**
 * The messages of a wire for `for await`. Each iteration is a connection; leaving the loop closes it. A response
 * body (`fromFetchStream`) is read only as fast as the loop takes; other transports push, and what the loop has
 * not taken yet waits.
 *
 * @throws TypeError if the capacity is not above 0.
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
  return { [Symbol.asyncIterator]: () => new PulledWire(wire, capacity) }
}

class PulledWire<T> implements AsyncIterator<T, undefined> {
  readonly #waiting: T[] = []
  readonly #subscriber: Subscriber<WireEvent<T>>
  #taken = 0
  #end: { readonly error?: unknown } | undefined
  #wakeConsumer: (() => void) | undefined
  #wakeSource: (() => void) | undefined

  constructor(wire: Wire<T>, capacity: number) {
    const demand: Demand = { isObeyed: false, ready: () => this.#roomForMore() }
    this.#subscriber = new Subscriber<WireEvent<T>>({
      next: (event) => {
        if (event.type !== 'message') return
        this.#waiting.push(event.data)
        this.#wakeConsumer?.()
        if (!demand.isObeyed && this.#held > capacity) this.#fail(overflow(capacity))
      },
      error: (error: unknown) => this.#finish({ error }),
      complete: () => this.#finish({}),
    })
    withDemand(demand, () => wire.subscribe(this.#subscriber))
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#held === 0) {
      if (this.#end !== undefined) return this.#over()
      this.#wakeSource?.()
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve
      })
    }
    return { done: false, value: this.#take() }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#subscriber.unsubscribe()
    this.#finish({})
    this.#waiting.length = 0
    this.#taken = 0
    return { done: true, value: undefined }
  }

  get #held(): number {
    return this.#waiting.length - this.#taken
  }

  /** From the front, without moving all the others each time. */
  #take(): T {
    const value = this.#waiting[this.#taken] as T
    this.#taken += 1
    if (this.#taken === this.#waiting.length) {
      this.#waiting.length = 0
      this.#taken = 0
    }
    return value
  }

  /** An error is told once; after it, as after the last message, there is nothing more. */
  #over(): IteratorResult<T, undefined> {
    const end = this.#end
    this.#end = {}
    if (end !== undefined && 'error' in end) throw end.error
    return { done: true, value: undefined }
  }

  #roomForMore(): Promise<void> {
    if (this.#held === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wakeSource = resolve
    })
  }

  #fail(error: WireError): void {
    this.#subscriber.unsubscribe()
    this.#finish({ error })
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end
    this.#wakeConsumer?.()
    this.#wakeSource?.()
  }
}

function overflow(capacity: number): WireError {
  return new WireError(
    'overflow',
    `More than ${capacity} messages waited to be taken. Take them faster, or raise capacity.`,
  )
}
