import { after, now } from '../platform/clock.ts'

/** What can stand in a {@link LinkedQueue}, and in one only. */
export interface Linked<E> {
  previous: E | undefined
  next: E | undefined
}

/** A queue whose elements may leave from anywhere: what expires, is taken back, or gives way to another. */
export class LinkedQueue<E extends Linked<E>> {
  #first: E | undefined
  #last: E | undefined

  get first(): E | undefined {
    return this.#first
  }

  /** Places an element in front of another one, or at the end. */
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

/** What is known of a message when it comes in. */
export interface EntryInit<C> {
  readonly message: C
  readonly bytes: number
  readonly id: string | undefined
  /** What it is about; messages about the same give way to the last one. */
  readonly topic: unknown
  /** Whether it may have to make room for others. */
  readonly isDroppable: boolean
  readonly until: 'sent' | 'acknowledged'
}

/** A message in the outbox, and the promise of whoever sent it. */
export class Entry<C> implements Linked<Entry<C>>, EntryInit<C> {
  previous: Entry<C> | undefined
  next: Entry<C> | undefined
  /** Where the backlog has it. */
  place: 'queued' | 'in flight' | 'gone' = 'gone'

  /** Whether it was handed over at least once. */
  wasHandedOver = false

  readonly message: C
  readonly bytes: number
  readonly id: string | undefined
  readonly topic: unknown
  readonly isDroppable: boolean
  readonly until: 'sent' | 'acknowledged'
  /** Resolves when it has come as far as `until` says; rejects with why it will not. */
  readonly settled: Promise<void>

  #resolve: () => void = () => {}
  #reject: (reason: unknown) => void = () => {}
  #expiresAtMs = Number.POSITIVE_INFINITY
  #stopExpiry: (() => void) | undefined
  #stopListening: (() => void) | undefined

  constructor(init: EntryInit<C>) {
    this.message = init.message
    this.bytes = init.bytes
    this.id = init.id
    this.topic = init.topic
    this.isDroppable = init.isDroppable
    this.until = init.until
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Who sends without looking back must not be told by the page's error handler. The counts tell.
    this.settled.catch(() => {})
  }

  /** Timers sleep when the machine does, so the clock is asked as well. */
  get isExpired(): boolean {
    return this.#expiresAtMs !== Number.POSITIVE_INFINITY && this.#expiresAtMs < now()
  }

  expireAfter(ttlMs: number, expire: () => void): void {
    this.#expiresAtMs = now() + ttlMs
    this.#stopExpiry = after(ttlMs, expire)
  }

  leaveOn(signal: AbortSignal, leave: () => void): void {
    signal.addEventListener('abort', leave, { once: true })
    this.#stopListening = () => signal.removeEventListener('abort', leave)
  }

  /** What was handed over may have arrived: it is neither too late for it any more, nor to be taken back. */
  handedOver(): void {
    this.#expiresAtMs = Number.POSITIVE_INFINITY
    this.#stopExpiry?.()
    if (this.until === 'acknowledged') return
    this.#leave()
    this.#resolve()
  }

  arrived(): void {
    this.#leave()
    this.#resolve()
  }

  failed(reason: unknown): void {
    this.#leave()
    this.#reject(reason)
  }

  #leave(): void {
    this.#stopExpiry?.()
    this.#stopListening?.()
    this.#stopListening = undefined
  }
}
