import { filter, map, type OperatorFunction, pipe } from 'rxjs'
import { batch, messages, type WireEvent, type WireMessage } from 'rxwire'

/**
 * Batches the messages of each animation frame. Each keeps its id and name for the fold. Other events are dropped: the
 * cache does not use them, and each would flush its batch early.
 */
export function messageBatches<T>(): OperatorFunction<WireEvent<T>, WireMessage<T>[]> {
  return pipe(
    filter((event) => event.type === 'message'),
    map((event) => ({ ...event, data: event })),
    // Flush only once per frame, because each write to the cache copies the data.
    batch({ maxCount: Number.POSITIVE_INFINITY }),
    messages(),
  )
}
