import type { BatchAccumulator } from './batch-accumulator.ts'
import type { MessageBatch } from './message-batches.ts'

/** What the cache holds of a live query: its data and its resume point. */
export interface LiveData<D> {
  readonly data: D
  /** The id of the last message with an id; `undefined` before the first. */
  readonly cursor: string | undefined
}

const superseded = new WeakSet<object>()

/** Returns the entry after a batch of messages, and marks the given entry as superseded. */
export function appendBatch<T>(
  entry: LiveData<unknown>,
  batch: MessageBatch<T>,
  accumulator: BatchAccumulator<T, unknown>,
): LiveData<unknown> {
  superseded.add(entry)
  if (batch === 'reset') return { data: accumulator.initial, cursor: undefined }
  return {
    data: accumulator.append(entry.data, batch),
    cursor: batch.findLast(({ id }) => id !== undefined)?.id ?? entry.cursor,
  }
}

/**
 * Returns the entry that the cache keeps. query-core writes the result of a fetch some microtasks after it resolves. If
 * the wire has appended messages since then, that result is superseded and must not overwrite the cached entry.
 */
export function keepNewer(cached: unknown, next: unknown): unknown {
  const isSuperseded = typeof next === 'object' && next !== null && superseded.has(next)
  return isSuperseded && cached !== undefined ? cached : next
}
