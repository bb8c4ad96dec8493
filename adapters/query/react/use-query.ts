import {
  notifyManager,
  type Query,
  type QueryClient,
  QueryObserver,
  type QueryObserverOptions,
  type QueryObserverResult,
} from '@tanstack/query-core'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { timer } from 'rxjs'
import type { WireError } from 'rxwire'
import { useStableMemo } from '../../react/base-hooks.ts'

/** What {@link useQuery} returns. */
export interface ObservedQuery<T> {
  readonly query: Query<T, WireError>
  /** The tracked result: the component renders only for the fields that it reads. */
  readonly result: QueryObserverResult<T, WireError>
  readonly refetch: () => Promise<void>
}

/** Options of {@link useQuery}. */
interface UseQueryOptions<T> extends Omit<QueryObserverOptions<T, WireError>, 'queryFn'> {
  readonly fetchData: (query: Query<T, WireError>, signal: AbortSignal) => Promise<T>
}

/** Observes a query of query-core: fetches it when it is stale, and removes the observer on unmount. */
export function useQuery<T>(client: QueryClient, { fetchData, ...options }: UseQueryOptions<T>): ObservedQuery<T> {
  const defaulted = client.defaultQueryOptions<T, WireError>({
    ...options,
    queryFn: ({ signal }) => fetchData(query(), signal),
  })
  // Looked up on each call: after `client.clear()` the cache holds another query.
  const query = (): Query<T, WireError> => client.getQueryCache().build(client, defaulted)
  // The wire connects even if the host reports that it is offline. Set after the defaults: from `networkMode: 'always'`
  // query-core derives `refetchOnReconnect: false`.
  defaulted.networkMode = 'always'
  // Returns a fetch that the next effect will start as already in flight, which saves a render.
  defaulted._optimisticResults = 'optimistic'
  const observer = useStableMemo(() => new QueryObserver(client, defaulted), [client])
  const result = observer.getOptimisticResult(defaulted)

  const subscribe = useCallback(
    (onChange: () => void) => {
      client.mount()
      const unsubscribe = observer.subscribe(notifyManager.batchCalls(onChange))
      // The query may have changed between the render and the subscription.
      observer.updateResult()
      return () => {
        // Deferred: a component that mounts in place of this one reuses the request in flight.
        timer(0).subscribe(() => {
          unsubscribe()
          client.unmount()
        })
      }
    },
    [client, observer],
  )
  const getSnapshot = () => observer.getCurrentResult()
  useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
  useEffect(() => observer.setOptions(defaulted))

  const refetch = useCallback(async () => {
    await observer.refetch()
  }, [observer])
  return { query: query(), result: observer.trackResult(result), refetch }
}
