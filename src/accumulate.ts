import type { Fold } from './state.ts'
import { requirePositive } from './validate.ts'

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

/** Fold each message into data of your own. */
export interface FoldOptions<T, D> {
  /** The data before the first message. */
  readonly initial: D
  readonly fold: Fold<T, D>
}

/** Keep the last messages in an array. */
export interface KeepOptions {
  /** How many to keep: a whole number above 0. */
  readonly keep: number
}

/** A fold over some working state `A`, and how that is shown as data. */
export interface Accumulator<T, A, D> {
  readonly initial: A
  readonly fold: Fold<T, A>
  readonly view: (working: A) => D
  /** The working state that would be shown as this. */
  readonly resume: (data: D) => A
}

/** How messages become data: by a fold, as the last `keep`, or, with neither, just the last one. */
export function accumulatorOf<T, D>(options: Partial<FoldOptions<T, D> & KeepOptions>): Accumulator<T, unknown, D> {
  const { initial, fold, keep } = options
  if (fold !== undefined && keep !== undefined) throw new TypeError('fold and keep exclude each other')
  if (fold !== undefined) {
    if (typeof fold !== 'function') throw new TypeError('fold must be a function')
    return eraseType<T, D, D>({ initial: initial as D, fold, view: (data) => data, resume: (data) => data })
  }
  if (keep !== undefined) {
    requirePositive('keep', keep)
    if (!Number.isInteger(keep)) throw new TypeError(`keep must be a whole number, not ${keep}`)
    return eraseType<T, Ring<T>, D>({
      initial: Ring.of(keep),
      fold: (ring, message) => ring.append(message),
      view: (ring) => ring.toArray() as D,
      resume: (data) => (data as T[]).reduce((ring, message) => ring.append(message), Ring.of<T>(keep)),
    })
  }
  return eraseType<T, unknown, D>({
    initial: undefined,
    fold: (_, last) => last,
    view: (last) => last as D,
    resume: (last) => last,
  })
}

/** Who folds has no business with what it is folded into. */
function eraseType<T, A, D>(folding: Accumulator<T, A, D>): Accumulator<T, unknown, D> {
  return folding as Accumulator<T, unknown, D>
}
