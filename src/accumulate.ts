import type { Fold } from './state.ts'

/**
 * The last `capacity` items of a growing sequence, as an immutable value. Appending takes constant time, and does not
 * change earlier rings.
 */
export class Ring<T> {
  readonly #capacity: number
  // Shared by all rings of one sequence. Each reads only the items before its own end.
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
    // Only the newest ring may write after its end. Once `capacity` items precede the window, it is copied to a new
    // array, which costs one copy of `capacity` items every `capacity` appends.
    const mayShare = this.#items.length === this.#end && this.#end < 2 * this.#capacity
    const items = mayShare ? this.#items : this.toArray()
    items.push(item)
    return new Ring(this.#capacity, items, items.length)
  }

  /** Returns the items in a new array, oldest first. */
  toArray(): T[] {
    return this.#items.slice(Math.max(0, this.#end - this.#capacity), this.#end)
  }
}

/** Folds each message into data of any type. */
export interface FoldOptions<T, D> {
  /** The data before the first message. Annotate an empty array: its type says nothing about its elements. */
  readonly initial: D
  /** Adds a message to the data and returns the new data. It must be pure. */
  readonly fold: Fold<T, NoInfer<D>>
  readonly keep?: WithoutFold | undefined
}

/** Keeps the last messages in an array. */
export interface KeepOptions {
  /** How many messages to keep: a positive integer. */
  readonly keep: number
  readonly initial?: undefined
  readonly fold?: undefined
}

/** Keeps the last message. */
export interface LastOptions {
  readonly keep?: undefined
  readonly initial?: undefined
  readonly fold?: undefined
}

// The compiler shows these types in its errors. They are texts, so that they name the remedy.
type WithoutFold = 'keep and fold exclude each other, and messages that are not text need decode'

/** The data of a fold whose type arguments were not all written. */
export type AllTypeArguments = 'with fold, give initial, and write no type arguments or all of them'

/** Any of the three. The overloads of a function check that the options match. */
export interface AccumulateOptions<T, D> {
  readonly initial?: D
  readonly fold?: Fold<T, D> | undefined
  readonly keep?: number | WithoutFold | undefined
}

/** A fold over an accumulator value of type `A`, and its conversion to data and back. */
export interface Accumulator<T, A, D> {
  readonly initial: A
  readonly fold: Fold<T, A>
  readonly view: (value: A) => D
  /** Returns the accumulator value of existing data. */
  readonly resume: (data: D) => A
}

/**
 * Returns the accumulator of the options: `fold`, the last `keep` messages, or, with neither, the last message.
 *
 * @throws TypeError if an option is invalid, or if both `fold` and `keep` are set.
 */
export function accumulatorOf<T, D>(options: AccumulateOptions<T, D>): Accumulator<T, unknown, D> {
  const { initial, fold, keep } = options
  if (fold !== undefined && keep !== undefined) throw new TypeError('fold and keep are mutually exclusive')
  if (fold !== undefined) {
    if (typeof fold !== 'function') throw new TypeError('fold must be a function')
    if (!('initial' in options)) throw new TypeError('fold needs initial, the data before the first message')
    return eraseType<T, D, D>({ initial: initial as D, fold, view: (data) => data, resume: (data) => data })
  }
  if (keep !== undefined) {
    if (typeof keep !== 'number' || !(Number.isInteger(keep) && keep > 0))
      throw new TypeError(`keep must be a positive integer, got ${keep}`)
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

/** Hides the accumulator type from callers. */
function eraseType<T, A, D>(accumulator: Accumulator<T, A, D>): Accumulator<T, unknown, D> {
  return accumulator as Accumulator<T, unknown, D>
}
