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
 * Folds the messages of a wire into what the cache holds under a key, at most once a frame, and hands every event on.
 * It says nothing of whether the query is fetched, and fetches nothing.
 *
 * @param client The client whose cache is patched.
 * @param queryKey The key of the entry.
 * @param fold Takes a message into the data, which is `undefined` while the cache has none. What is `undefined` in the
 *   end is not written.
 *
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/query-core'
 * import { fromEventSource } from 'rxwire'
 * import { patchQuery } from 'rxwire/query'
 *
 * interface Task { readonly id: string; readonly done: boolean }
 *
 * const client = new QueryClient()
 * fromEventSource<Task>('/changes', { decode: JSON.parse })
 *   .pipe(patchQuery<Task, Task[]>(client, ['tasks'], (tasks, changed) =>
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
      const left = new Subject<void>()
      // The first thing that happens when the subscriber leaves: what it was given is in the cache, too.
      subscriber.add(() => left.next())
      const patching = connect<WireEvent<T>, Observable<WireEvent<T>>>((wire) =>
        merge(
          // First, so that an end or a failure finds the cache complete.
          wire.pipe(
            takeUntil(left),
            messageBatches(),
            tap((batch) => {
              client.setQueryData(queryKey, (cached) =>
                batch.reduce((data, event) => fold(data, event.data, event), cached as D | undefined),
              )
            }),
            ignoreElements(),
          ),
          wire,
        ),
      )
      source.pipe(patching).subscribe(subscriber)
    })
}
