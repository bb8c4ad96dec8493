import {
  type QueryClient,
  type QueryKey,
  QueryObserver,
  type QueryObserverOptions,
  type QueryObserverResult,
} from '@tanstack/query-core'
import { distinctUntilChanged, Observable } from 'rxjs'

/**
 * Any query as an Observable of its results: status, data, error and all, as `useQuery` has them. One subscription is
 * one observer: it fetches if the options say so, begins with the result of this moment, and keeps the query from
 * being collected.
 *
 * It never errors, because a query lives on after a failure: the failure is in the result. It never completes.
 *
 * @param client The client whose cache holds the query.
 * @param options What `QueryObserver` takes, such as `queryOptions()`, `wireQueryOptions()` or `liveQueryOptions()`.
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
  // What has just begun to fetch has told its listener already.
  return results.pipe(distinctUntilChanged())
}
