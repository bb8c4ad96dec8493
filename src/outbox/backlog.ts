import type { Entry } from './entry.ts'
import { LinkedQueue } from './entry.ts'

/** What the outbox holds: what is queued, in order, and what is in flight. Knows where, not why. */
export class Backlog<C> {
  readonly #capacity: number
  readonly #capacityBytes: number
  readonly #queue = new LinkedQueue<Entry<C>>()
  readonly #inFlight = new Set<Entry<C>>()
  readonly #byId = new Map<string, Entry<C>>()
  /** Only what is queued: what was handed over cannot give way any more. */
  readonly #byTopic = new Map<unknown, Entry<C>>()
  #queued = 0
  #queuedBytes = 0
  #inFlightBytes = 0

  constructor(capacity: number, capacityBytes: number) {
    this.#capacity = capacity
    this.#capacityBytes = capacityBytes
  }

  get queued(): number {
    return this.#queued
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  /** The next to be handed over. */
  get first(): Entry<C> | undefined {
    return this.#queue.first
  }

  withId(id: string): Entry<C> | undefined {
    return this.#byId.get(id)
  }

  /** What is queued and about the same. */
  sameTopic({ topic }: Entry<C>): Entry<C> | undefined {
    return topic === undefined ? undefined : this.#byTopic.get(topic)
  }

  /** Whether there is room for a message, or there would be if another one gave way to it. */
  fits(entry: Entry<C>, instead?: Entry<C>): boolean {
    const bytes = this.#queuedBytes + this.#inFlightBytes + entry.bytes
    if (instead !== undefined) return bytes - instead.bytes <= this.#capacityBytes
    return this.#queued + this.#inFlight.size < this.#capacity && bytes <= this.#capacityBytes
  }

  /** The oldest that would have to go for a message to fit; `undefined` if not even that would do. */
  inTheWayOf(entry: Entry<C>): readonly Entry<C>[] | undefined {
    const inTheWay: Entry<C>[] = []
    let count = this.#queued + this.#inFlight.size + 1
    let bytes = this.#queuedBytes + this.#inFlightBytes + entry.bytes
    const isTooMuch = () => count > this.#capacity || bytes > this.#capacityBytes
    for (let oldest = this.first; oldest !== undefined && isTooMuch(); oldest = oldest.next) {
      if (!oldest.isDroppable) continue
      inTheWay.push(oldest)
      count -= 1
      bytes -= oldest.bytes
    }
    return isTooMuch() ? undefined : inTheWay
  }

  /** Takes a new message in: at the end, or in front of another one. */
  add(entry: Entry<C>, before?: Entry<C>): void {
    if (entry.id !== undefined) this.#byId.set(entry.id, entry)
    this.#enqueue(entry, before)
  }

  /** From the queue into flight. */
  markInFlight(entry: Entry<C>): void {
    this.#take(entry)
    entry.place = 'in flight'
    this.#inFlight.add(entry)
    this.#inFlightBytes += entry.bytes
  }

  /** From flight back to the front of the queue. */
  requeue(entry: Entry<C>): void {
    this.#take(entry)
    this.#enqueue(entry, this.#queue.first)
  }

  remove(entry: Entry<C>): void {
    this.#take(entry)
    if (entry.id !== undefined) this.#byId.delete(entry.id)
  }

  /** All that is in flight, the last first. */
  inFlightNewestFirst(): Entry<C>[] {
    return [...this.#inFlight].reverse()
  }

  #enqueue(entry: Entry<C>, before: Entry<C> | undefined): void {
    entry.place = 'queued'
    this.#queue.insert(entry, before)
    this.#queued += 1
    this.#queuedBytes += entry.bytes
    if (entry.topic !== undefined) this.#byTopic.set(entry.topic, entry)
  }

  #take(entry: Entry<C>): void {
    const { place } = entry
    entry.place = 'gone'
    if (place === 'in flight') {
      this.#inFlight.delete(entry)
      this.#inFlightBytes -= entry.bytes
      return
    }
    this.#queue.remove(entry)
    this.#queued -= 1
    this.#queuedBytes -= entry.bytes
    if (this.#byTopic.get(entry.topic) === entry) this.#byTopic.delete(entry.topic)
  }
}
