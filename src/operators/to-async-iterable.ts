import { Subscriber } from 'rxjs'
import { WireError } from '../errors.ts'
import { type Backpressure, withContext } from '../subscription-context.ts'
import { requirePositive } from '../validate.ts'
import type { Wire, WireEvent } from '../wire.ts'

/** Options of {@link toAsyncIterable}. */
export interface AsyncIterableOptions {
  /**
   * How many messages may wait for the consumer, for a transport that cannot pause. One more fails the iteration with kind
   * `overflow`. Default 10,000.
   */
  readonly capacity?: number | undefined
}

/**
 * Returns the messages of a wire for `for await`. Each iteration opens a connection, and leaving the loop closes it. A
 * response body (`fromFetchStream`) is read only as fast as the loop consumes it. Other transports push, and their messages
 * wait in a bounded queue.
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
  /** Sources that wait for room in the queue. */
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
    // The consumer has left, so a later error is ignored.
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
    // A source that can pause does so after its current piece, which may hold any number of messages.
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

  /** Takes the first message without moving all others each time. */
  #take(): T {
    const value = this.#held[this.#taken] as T
    this.#taken += 1
    if (2 * this.#taken >= this.#held.length) {
      this.#held.splice(0, this.#taken)
      this.#taken = 0
    }
    return value
  }

  /** Throws the error once. Afterwards, as after the last message, the iteration is done. */
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

/** Resolves all promises that wait. A consumer that finds no message waits again. */
function wake(sleepers: (() => void)[]): void {
  for (const resolve of sleepers.splice(0)) resolve()
}

function overflow(capacity: number): WireError {
  return new WireError(
    'overflow',
    `More than ${capacity} messages are waiting for the consumer. Consume them faster, or raise capacity.`,
  )
}
