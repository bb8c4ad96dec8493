import { Subscriber } from 'rxjs'
import { WireError } from '../errors.ts'
import { type Backpressure, withContext } from '../subscription-context.ts'
import { requirePositive } from '../validate.ts'
import type { Wire, WireEvent } from '../wire.ts'

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
  readonly #capacity: number
  readonly #backpressure: Backpressure = { isRespected: false, ready: () => this.#roomForMore() }
  readonly #held: T[] = []
  readonly #subscriber: Subscriber<WireEvent<T>>
  #taken = 0
  #end: { readonly error?: unknown } | undefined
  #consumers: (() => void)[] = []
  /** Sources that wait until there is room. */
  #parked: (() => void)[] = []
  #isChecking = false

  constructor(wire: Wire<T>, capacity: number) {
    this.#capacity = capacity
    this.#subscriber = new Subscriber<WireEvent<T>>({
      next: (event) => {
        if (event.type === 'message') this.#hold(event.data)
      },
      error: (error: unknown) => this.#finish({ error }),
      complete: () => this.#finish({}),
    })
    withContext({ backpressure: this.#backpressure }, () => wire.subscribe(this.#subscriber))
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#waiting === 0) {
      if (this.#end !== undefined) return this.#over()
      wake(this.#parked)
      await new Promise<void>((resolve) => this.#consumers.push(resolve))
    }
    return { done: false, value: this.#take() }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#held.length = 0
    this.#taken = 0
    // Whoever leaves does not want to hear of it any more.
    this.#end = {}
    this.#subscriber.unsubscribe()
    this.#finish({})
    return { done: true, value: undefined }
  }

  get #waiting(): number {
    return this.#held.length - this.#taken
  }

  #hold(message: T): void {
    this.#held.push(message)
    wake(this.#consumers)
    if (this.#waiting <= this.#capacity || this.#isChecking) return
    if (!this.#backpressure.isRespected) {
      this.#overflow()
      return
    }
    // A source that can wait does so as soon as it has handed on what it had, however much that was.
    this.#isChecking = true
    const parked = this.#parked.length
    Promise.resolve().then(() => {
      this.#isChecking = false
      if (this.#waiting > this.#capacity && this.#parked.length <= parked) this.#overflow()
    })
  }

  #overflow(): void {
    this.#subscriber.unsubscribe()
    this.#finish({ error: overflow(this.#capacity) })
  }

  /** From the front, without moving all the others each time. */
  #take(): T {
    const value = this.#held[this.#taken] as T
    this.#taken += 1
    if (2 * this.#taken >= this.#held.length) {
      this.#held.splice(0, this.#taken)
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
    if (this.#waiting === 0 || this.#end !== undefined) return Promise.resolve()
    return new Promise((resolve) => this.#parked.push(resolve))
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end
    wake(this.#consumers)
    wake(this.#parked)
  }
}

/** Wakes all who wait; who finds nothing waits again. */
function wake(sleepers: (() => void)[]): void {
  for (const resolve of sleepers.splice(0)) resolve()
}

function overflow(capacity: number): WireError {
  return new WireError(
    'overflow',
    `More than ${capacity} messages waited to be taken. Take them faster, or raise capacity.`,
  )
}
