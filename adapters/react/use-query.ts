'use client'

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
import { useKept } from './base-hooks.ts'

/** A query in a component. */
export interface ObservedQuery<T> {
  readonly query: Query<T, WireError>
  /** What is read of it in the render is what the component is rendered for. */
  readonly result: QueryObserverResult<T, WireError>
  readonly refetch: () => Promise<void>
}

/** What is asked, and how. */
interface QueryCall<T> extends Omit<QueryObserverOptions<T, WireError>, 'queryFn'> {
  readonly ask: (query: Query<T, WireError>, signal: AbortSignal) => Promise<T>
}

/** Shows a query of query-core, asks for it when it is due, and leaves it when the component goes. */
export function useQuery<T>(client: QueryClient, { ask, ...given }: QueryCall<T>): ObservedQuery<T> {
  const options = client.defaultQueryOptions<T, WireError>({ ...given, queryFn: ({ signal }) => ask(query(), signal) })
  // Looked up with each call: a cache that was cleared has another one.
  const query = (): Query<T, WireError> => client.getQueryCache().build(client, options)
  // The wire tries while the host claims to be offline. Said only now, because query-core would take it for a wish that
  // nothing is asked anew when the network is back.
  options.networkMode = 'always'
  // A request that the coming effect will make is shown as in flight already: one render less.
  options._optimisticResults = 'optimistic'
  const observer = useKept(() => new QueryObserver(client, options), [client])
  const result = observer.getOptimisticResult(options)

  const subscribe = useCallback(
    (onChange: () => void) => {
      client.mount()
      const unsubscribe = observer.subscribe(notifyManager.batchCalls(onChange))
      // What has happened since the render.
      observer.updateResult()
      return () => {
        // Not at once: a component that takes another one's place goes on with the request that is under way.
        timer(0).subscribe(() => {
          unsubscribe()
          client.unmount()
        })
      }
    },
    [client, observer],
  )
  const snapshot = () => observer.getCurrentResult()
  useSyncExternalStore(subscribe, snapshot, snapshot)
  useEffect(() => observer.setOptions(options))

  const refetch = useCallback(async () => {
    await observer.refetch()
  }, [observer])
  return { query: query(), result: observer.trackResult(result), refetch }
}
