import { filter, map, type OperatorFunction, pipe } from 'rxjs'
import { batch, type WireEvent, type WireMessage } from 'rxwire'

/** The messages of an animation frame, or `'reset'`: the messages start over. */
export type MessageBatch<T> = readonly WireMessage<T>[] | 'reset'

/**
 * Batches the messages of each animation frame. Each keeps its id and name for the fold. Most other events are dropped:
 * the cache does not use them, and each would flush its batch early.
 */
export function messageBatches<T>(): OperatorFunction<WireEvent<T>, MessageBatch<T>> {
  return pipe(
    filter((event) => event.type === 'message' || (event.type === 'open' && event.continuity === 'reset')),
    map((event) => (event.type === 'message' ? { ...event, data: event } : event)),
    // Flush only once per frame, because each write to the cache copies the data.
    batch({ maxCount: Number.POSITIVE_INFINITY }),
    map((event) => (event.type === 'message' ? event.data : 'reset')),
  )
}
