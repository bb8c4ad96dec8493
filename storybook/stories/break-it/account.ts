/** How long an item may be late on a network without a fault before it counts as lost. */
export const GRACE_MS = 8_000

/** What the counters of one column show. */
export interface Counts {
  readonly received: number
  readonly lost: number
  readonly duplicates: number
}

/** Counts numbered items: which arrived, which arrived again, and which did not arrive. */
export class Account {
  #received = 0
  #duplicates = 0
  #first: number | undefined
  #last = Number.NEGATIVE_INFINITY
  #judgedMs = Number.NEGATIVE_INFINITY
  readonly #seen = new Set<number>()
  /** When each item was due, in the order of their numbers. */
  readonly #missing = new Map<number, number>()

  receive(n: number): void {
    this.#first ??= n
    this.#last = Math.max(this.#last, n)
    this.#missing.delete(n)
    if (this.#seen.has(n)) this.#duplicates += 1
    else this.#received += 1
    this.#seen.add(n)
  }

  /** Notes that an item should arrive. Items before the first one that arrived are not expected. */
  expect(n: number): void {
    if (!this.#seen.has(n) && !this.#missing.has(n)) this.#missing.set(n, Date.now())
  }

  /**
   * Returns the counts. An item is lost if a later one has arrived, or if the network has been without a fault for
   * {@link GRACE_MS} since it was due.
   *
   * @param healthySinceMs Since when no fault is active; `undefined` while one is.
   */
  counts(healthySinceMs: number | undefined): Counts {
    const dueMs = Date.now() - GRACE_MS
    if (healthySinceMs !== undefined && healthySinceMs <= dueMs) this.#judgedMs = dueMs
    const first = this.#first ?? Number.NEGATIVE_INFINITY
    const lost = [...this.#missing].filter(([n, atMs]) => n > first && (n < this.#last || atMs <= this.#judgedMs))
    return { received: this.#received, lost: lost.length, duplicates: this.#duplicates }
  }
}
