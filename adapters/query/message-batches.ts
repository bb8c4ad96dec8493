import { filter, map, type OperatorFunction, pipe } from 'rxjs'
import { batch, messages, type WireEvent, type WireMessage } from 'rxwire'

/**
 * The messages of each frame together, whole, so that a fold can see their ids and names. Other events are left out:
 * a cache shows none of them, and each would end its batch early.
 */
export function messageBatches<T>(): OperatorFunction<WireEvent<T>, WireMessage<T>[]> {
  return pipe(
    filter((event) => event.type === 'message'),
    map((event) => ({ ...event, data: event })),
    // Never sooner than the frame: every write copies what it is added to.
    batch({ maxCount: Number.POSITIVE_INFINITY }),
    messages(),
  )
}
