import {
  QueryClient,
  type QueryKey,
  QueryObserver,
  type QueryObserverOptions,
  type QueryObserverResult,
} from '@tanstack/query-core'
import { onTestFinished } from 'vitest'

/** Creates a query client, and clears it when the test ends. */
export function createClient(): QueryClient {
  const client = new QueryClient()
  onTestFinished(() => client.clear())
  return client
}

/** An observer of a query. */
export interface Observation<TData, TError> {
  readonly results: QueryObserverResult<TData, TError>[]
  now(): QueryObserverResult<TData, TError>
  refetch(): Promise<unknown>
  leave(): void
}

/** Observes a query until the test ends, and records its results. */
export function observe<
  TQueryFnData,
  TError,
  TData = TQueryFnData,
  TQueryData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  client: QueryClient,
  options: QueryObserverOptions<TQueryFnData, TError, TData, TQueryData, TQueryKey>,
): Observation<TData, TError> {
  const observer = new QueryObserver(client, options)
  const results: QueryObserverResult<TData, TError>[] = []
  const leave = observer.subscribe((result) => results.push(result))
  onTestFinished(leave)
  return { results, leave, now: () => observer.getCurrentResult(), refetch: () => observer.refetch() }
}
