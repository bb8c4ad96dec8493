/**
 * The last `capacity` items of a growing sequence, as an immutable value: appending costs the same however
 * many there are, and a ring that somebody still holds stays what it was.
 */
export class Ring<T> {
  readonly #capacity: number
  // Shared by all rings of one sequence. Each sees only what lies before its own end.
  readonly #items: T[]
  readonly #end: number

  private constructor(capacity: number, items: T[], end: number) {
    this.#capacity = capacity
    this.#items = items
    this.#end = end
  }

  static of<T>(capacity: number): Ring<T> {
    return new Ring<T>(capacity, [], 0)
  }

  append(item: T): Ring<T> {
    // Only the newest ring may write behind its end. And once as much lies before the window as in it, the
    // window moves to an array of its own: a copy of `capacity` items every `capacity` appends.
    const mayShare = this.#items.length === this.#end && this.#end < 2 * this.#capacity
    const items = mayShare ? this.#items : this.toArray()
    items.push(item)
    return new Ring(this.#capacity, items, items.length)
  }

  /** The items, oldest first, in a fresh array. */
  toArray(): T[] {
    return this.#items.slice(Math.max(0, this.#end - this.#capacity), this.#end)
  }
}
