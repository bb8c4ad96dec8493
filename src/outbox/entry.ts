import { after, wallClock } from '../platform/clock.ts'
import type { SocketFrame } from '../socket-frame.ts'

/** An element of a {@link LinkedQueue}. It can be in one queue at a time. */
export interface Linked<E> {
  previous: E | undefined
  next: E | undefined
}

/** A queue that supports removal at any position: for elements that expire, are withdrawn, or are replaced. */
export class LinkedQueue<E extends Linked<E>> {
  #first: E | undefined
  #last: E | undefined

  get first(): E | undefined {
    return this.#first
  }

  /** Inserts an element before another one, or at the end. */
  insert(element: E, before?: E): void {
    const previous = before === undefined ? this.#last : before.previous
    element.previous = previous
    element.next = before
    if (previous === undefined) this.#first = element
    else previous.next = element
    if (before === undefined) this.#last = element
    else before.previous = element
  }

  remove(element: E): void {
    const { previous, next } = element
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    element.previous = undefined
    element.next = undefined
  }
}

/** A message and its properties. */
export interface EntryInit<C> {
  readonly message: C
  /** The message as it was encoded to measure it; `undefined` if it was not. */
  readonly frame: SocketFrame | undefined
  readonly bytes: number
  readonly id: string | undefined
  /** The topic. A newer message replaces a queued one with the same topic. */
  readonly topic: unknown
  /** Whether it may be dropped to make room. */
  readonly isDroppable: boolean
  readonly until: 'sent' | 'acknowledged'
}

/** A message in the outbox, and the promise of its `send`. */
export class Entry<C> implements Linked<Entry<C>>, EntryInit<C> {
  previous: Entry<C> | undefined
  next: Entry<C> | undefined
  /** Set by the backlog. */
  state: 'queued' | 'in flight' | 'removed' = 'removed'

  /** How often it was sent. */
  deliveries = 0

  readonly message: C
  readonly frame: SocketFrame | undefined
  readonly bytes: number
  readonly id: string | undefined
  readonly topic: unknown
  readonly isDroppable: boolean
  readonly until: 'sent' | 'acknowledged'
  /** Resolves when it was sent, or acknowledged, as `until` says. Rejects with the reason if it will not be. */
  readonly settled: Promise<void>

  #resolve: () => void = () => {}
  #reject: (reason: unknown) => void = () => {}
  #expiresAtMs = Number.POSITIVE_INFINITY
  #stopExpiry: (() => void) | undefined
  #stopListening: (() => void) | undefined

  constructor(init: EntryInit<C>) {
    this.message = init.message
    this.frame = init.frame
    this.bytes = init.bytes
    this.id = init.id
    this.topic = init.topic
    this.isDroppable = init.isDroppable
    this.until = init.until
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // A `send` without a handler must not be an unhandled rejection. The counts show the dropped message.
    this.settled.catch(() => {})
  }

  /** Compares with the wall clock, because the timer does not run while the machine sleeps. */
  get isExpired(): boolean {
    return this.#expiresAtMs !== Number.POSITIVE_INFINITY && this.#expiresAtMs < wallClock()
  }

  expireAfter(ttlMs: number, expire: () => void): void {
    this.#expiresAtMs = wallClock() + ttlMs
    this.#stopExpiry = after(ttlMs, expire)
  }

  cancelExpiry(): void {
    this.#expiresAtMs = Number.POSITIVE_INFINITY
    this.#stopExpiry?.()
  }

  withdrawOn(signal: AbortSignal, withdraw: () => void): void {
    signal.addEventListener('abort', withdraw, { once: true })
    this.#stopListening = () => signal.removeEventListener('abort', withdraw)
  }

  /**
   * A message that was sent may have arrived, so it does not expire by its `ttlMs`. Its signal has an effect only while `send` waits
   * for the acknowledgement.
   */
  sent(): void {
    this.cancelExpiry()
    if (this.until === 'acknowledged') return
    this.#cleanUp()
    this.#resolve()
  }

  acknowledged(): void {
    this.#cleanUp()
    this.#resolve()
  }

  reject(reason: unknown): void {
    this.#cleanUp()
    this.#reject(reason)
  }

  #cleanUp(): void {
    this.#stopExpiry?.()
    this.#stopListening?.()
    this.#stopListening = undefined
  }
}
