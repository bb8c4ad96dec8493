import type { WireMessage } from 'rxwire'
import type { BatchAccumulator } from './batch-accumulator.ts'

/** What the cache holds of a live query: data, and where to go on after it. */
export interface LiveData<D> {
  readonly data: D
  /** The id of the last message that had one. */
  readonly cursor: string | undefined
}

const superseded = new WeakSet<object>()

/** The entry after these messages. It takes the place of the one before. */
export function appended<T>(
  entry: LiveData<unknown>,
  batch: readonly WireMessage<T>[],
  folding: BatchAccumulator<T, unknown>,
): LiveData<unknown> {
  superseded.add(entry)
  return {
    data: folding.append(entry.data, batch),
    cursor: batch.findLast(({ id }) => id !== undefined)?.id ?? entry.cursor,
  }
}

/**
 * What the cache keeps when it holds one entry and is given another. A fetch settles some microtasks after it was
 * answered, and by then the wire may have gone on: its answer must not take the place of what was made from it.
 */
export function newerOf(cached: unknown, next: unknown): unknown {
  const isOld = typeof next === 'object' && next !== null && superseded.has(next)
  return isOld && cached !== undefined ? cached : next
}
