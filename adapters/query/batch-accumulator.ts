import type { FoldOptions, KeepOptions, WireMessage } from 'rxwire'

/** How the messages of a frame become part of the data. */
export interface BatchAccumulator<T, D> {
  readonly initial: D
  append(data: D, batch: readonly WireMessage<T>[]): D
}

/** By a fold, as the last `keep`, or, with neither, just the last one. What costs, such as a copy, costs once a frame. */
export function batchAccumulatorOf<T, D>(
  options: Partial<FoldOptions<T, D> & KeepOptions>,
): BatchAccumulator<T, unknown> {
  const { initial, fold, keep } = options
  if (fold !== undefined && keep !== undefined) throw new TypeError('fold and keep exclude each other')
  if (fold !== undefined) {
    if (typeof fold !== 'function') throw new TypeError('fold must be a function')
    return eraseType<T, D>({
      initial: initial as D,
      append: (data, batch) => batch.reduce((folded, event) => fold(folded, event.data, event), data),
    })
  }
  if (keep !== undefined) {
    if (!(Number.isInteger(keep) && keep > 0)) throw new TypeError(`keep must be a whole number above 0, not ${keep}`)
    return eraseType<T, T[]>({
      initial: [],
      append: (kept, batch) => kept.concat(batch.map(({ data }) => data)).slice(-keep),
    })
  }
  return { initial: undefined, append: (_, batch) => batch.at(-1)?.data }
}

/** Who writes into a cache has no business with what is written. */
function eraseType<T, D>(folding: BatchAccumulator<T, D>): BatchAccumulator<T, unknown> {
  return folding as BatchAccumulator<T, unknown>
}
