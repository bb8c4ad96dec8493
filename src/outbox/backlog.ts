import type { Entry } from './entry.ts'
import { LinkedQueue } from './entry.ts'

/** The messages of an outbox: queued in order, or in flight. It has no policy of its own. */
export class Backlog<C> {
  readonly #capacity: number
  readonly #capacityBytes: number
  readonly #queue = new LinkedQueue<Entry<C>>()
  readonly #inFlight = new Set<Entry<C>>()
  readonly #byId = new Map<string, Entry<C>>()
  /** Only queued messages. A message that was sent cannot be replaced. */
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

  /** The next message to send. */
  get first(): Entry<C> | undefined {
    return this.#queue.first
  }

  withId(id: string): Entry<C> | undefined {
    return this.#byId.get(id)
  }

  /** The queued message with the same topic. */
  sameTopic({ topic }: Entry<C>): Entry<C> | undefined {
    return topic === undefined ? undefined : this.#byTopic.get(topic)
  }

  /** Whether there is room for a message, or would be if it replaced another one. */
  fits(entry: Entry<C>, replaced?: Entry<C>): boolean {
    const bytes = this.#queuedBytes + this.#inFlightBytes + entry.bytes
    if (replaced !== undefined) return bytes - replaced.bytes <= this.#capacityBytes
    return this.#queued + this.#inFlight.size < this.#capacity && bytes <= this.#capacityBytes
  }

  /** The oldest messages to drop so that a message fits; `undefined` if dropping all would not make enough room. */
  oldestToDropFor(entry: Entry<C>): readonly Entry<C>[] | undefined {
    const toDrop: Entry<C>[] = []
    let count = this.#queued + this.#inFlight.size + 1
    let bytes = this.#queuedBytes + this.#inFlightBytes + entry.bytes
    const isOverCapacity = () => count > this.#capacity || bytes > this.#capacityBytes
    for (let oldest = this.first; oldest !== undefined && isOverCapacity(); oldest = oldest.next) {
      if (!oldest.isDroppable) continue
      toDrop.push(oldest)
      count -= 1
      bytes -= oldest.bytes
    }
    return isOverCapacity() ? undefined : toDrop
  }

  /** Adds a new message at the end, or before another one. */
  add(entry: Entry<C>, before?: Entry<C>): void {
    if (entry.id !== undefined) this.#byId.set(entry.id, entry)
    this.#enqueue(entry, before)
  }

  /** Moves a message from the queue into flight. */
  markInFlight(entry: Entry<C>): void {
    this.#detach(entry)
    entry.state = 'in flight'
    this.#inFlight.add(entry)
    this.#inFlightBytes += entry.bytes
  }

  /** Moves a message from flight back to the front of the queue. */
  requeue(entry: Entry<C>): void {
    this.#detach(entry)
    this.#enqueue(entry, this.#queue.first)
  }

  remove(entry: Entry<C>): void {
    this.#detach(entry)
    if (entry.id !== undefined) this.#byId.delete(entry.id)
  }

  /** The messages in flight, newest first. */
  inFlightNewestFirst(): Entry<C>[] {
    return [...this.#inFlight].reverse()
  }

  #enqueue(entry: Entry<C>, before: Entry<C> | undefined): void {
    entry.state = 'queued'
    this.#queue.insert(entry, before)
    this.#queued += 1
    this.#queuedBytes += entry.bytes
    if (entry.topic !== undefined) this.#byTopic.set(entry.topic, entry)
  }

  #detach(entry: Entry<C>): void {
    const { state } = entry
    entry.state = 'removed'
    if (state === 'in flight') {
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
