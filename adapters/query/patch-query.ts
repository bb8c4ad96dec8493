import type { QueryKey } from '@tanstack/query-core'
import {
  connect,
  ignoreElements,
  type MonoTypeOperatorFunction,
  merge,
  Observable,
  Subject,
  takeUntil,
  tap,
} from 'rxjs'
import type { Fold, WireEvent } from 'rxwire'
import type { CacheClient } from './cache-client.ts'
import { messageBatches } from './message-batches.ts'

/**
 * Folds the messages of a wire into the cached data of a query, at most once per animation frame, and passes every
 * event on. It does not fetch the query and does not change whether it is fetched.
 *
 * @param client The client whose cache is updated.
 * @param queryKey The key of the query.
 * @param fold Folds a message into the data, which is `undefined` if the cache has none. A batch whose result is
 *   `undefined` is not written.
 * @throws TypeError if `fold` is not a function.
 *
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/query-core'
 * import { fromEventSource, json } from 'rxwire'
 * import { patchQuery } from 'rxwire/query'
 *
 * interface Task { readonly id: string; readonly done: boolean }
 *
 * const client = new QueryClient()
 * fromEventSource('/changes', { decode: json<Task>() })
 *   .pipe(patchQuery(client, ['tasks'], (tasks: Task[] | undefined, changed) =>
 *     tasks?.map((task) => (task.id === changed.id ? changed : task)),
 *   ))
 *   .subscribe()
 * ```
 */
export function patchQuery<T, D>(
  client: CacheClient,
  queryKey: QueryKey,
  fold: Fold<T, D | undefined>,
): MonoTypeOperatorFunction<WireEvent<T>> {
  if (typeof fold !== 'function') throw new TypeError('patchQuery: fold must be a function')
  return (source) =>
    new Observable((subscriber) => {
      const unsubscribed = new Subject<void>()
      // Added first, so that unsubscribing writes the messages already delivered before it aborts the source.
      subscriber.add(() => unsubscribed.next())
      const patchCache = connect<WireEvent<T>, Observable<WireEvent<T>>>((wire) =>
        merge(
          // Subscribed first, so that the cache is complete before the subscriber receives `complete` or an error.
          wire.pipe(
            takeUntil(unsubscribed),
            messageBatches(),
            tap((batch) => {
              // The data is not made of the messages alone, so it has no value to return to.
              if (batch === 'reset') return
              client.setQueryData(queryKey, (cached) =>
                batch.reduce((data, event) => fold(data, event.data, event), cached as D | undefined),
              )
            }),
            ignoreElements(),
          ),
          wire,
        ),
      )
      source.pipe(patchCache).subscribe(subscriber)
    })
}
