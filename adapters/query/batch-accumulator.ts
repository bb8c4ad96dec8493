import type { AccumulateOptions, WireMessage } from 'rxwire'

/** Appends the messages of one animation frame to the data. */
export interface BatchAccumulator<T, D> {
  readonly initial: D
  append(data: D, batch: readonly WireMessage<T>[]): D
}

/**
 * Returns the accumulator of the options: `fold`, the last `keep` messages, or the last message. It copies the data at
 * most once per batch.
 *
 * @throws TypeError if an option is invalid.
 */
export function batchAccumulatorOf<T, D>(options: AccumulateOptions<T, D>): BatchAccumulator<T, unknown> {
  const { initial, fold, keep } = options
  if (fold !== undefined && keep !== undefined) throw new TypeError('fold and keep are mutually exclusive')
  if (fold !== undefined) {
    if (typeof fold !== 'function') throw new TypeError('fold must be a function')
    return eraseType<T, D>({
      initial: initial as D,
      append: (data, batch) => batch.reduce((folded, event) => fold(folded, event.data, event), data),
    })
  }
  if (keep !== undefined) {
    if (typeof keep !== 'number' || !(Number.isInteger(keep) && keep > 0))
      throw new TypeError(`keep must be a positive integer, got ${keep}`)
    return eraseType<T, T[]>({
      initial: [],
      append: (kept, batch) => kept.concat(batch.map(({ data }) => data)).slice(-keep),
    })
  }
  return { initial: undefined, append: (_, batch) => batch.at(-1)?.data }
}

/** Hides the data type from callers: they only pass the data from and to the cache. */
function eraseType<T, D>(accumulator: BatchAccumulator<T, D>): BatchAccumulator<T, unknown> {
  return accumulator as BatchAccumulator<T, unknown>
}
