import {
  type QueryClient,
  type QueryKey,
  QueryObserver,
  type QueryObserverOptions,
  type QueryObserverResult,
} from '@tanstack/query-core'
import { distinctUntilChanged, Observable } from 'rxjs'

/**
 * Returns the results of a query as an Observable: status, data, error and the other fields that `useQuery` returns. It
 * emits the current result on subscribe. One subscription is one query observer: it fetches if the options say so, and
 * protects the query from garbage collection.
 *
 * It never errors: a failed query can recover, so the error is a field of the result. It never completes.
 *
 * @param client The client whose cache holds the query.
 * @param options Options of `QueryObserver`, for example from `queryOptions()`, `wireQueryOptions()` or
 *   `liveQueryOptions()`.
 *
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/query-core'
 * import { filter, map } from 'rxjs'
 * import { fromQuery } from 'rxwire/query'
 *
 * const client = new QueryClient()
 * fromQuery(client, { queryKey: ['me'], queryFn: async () => (await fetch('/me')).json() })
 *   .pipe(filter(({ isSuccess }) => isSuccess), map(({ data }) => data))
 *   .subscribe((me) => console.info(me))
 * ```
 */
export function fromQuery<
  TQueryFnData = unknown,
  TError = Error,
  TData = TQueryFnData,
  TQueryData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  client: QueryClient,
  options: QueryObserverOptions<TQueryFnData, TError, TData, TQueryData, TQueryKey>,
): Observable<QueryObserverResult<TData, TError>> {
  const results = new Observable<QueryObserverResult<TData, TError>>((subscriber) => {
    const observer = new QueryObserver(client, options)
    subscriber.add(observer.subscribe((result) => subscriber.next(result)))
    subscriber.next(observer.getCurrentResult())
  })
  // An observer that fetches on subscribe has already emitted the current result.
  return results.pipe(distinctUntilChanged())
}
