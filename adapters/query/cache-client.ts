import type { QueryKey } from '@tanstack/query-core'
import { distinctUntilChanged, map, NEVER, Observable, startWith, switchMap, timer } from 'rxjs'

// Structural types, because each TanStack adapter depends on its own version of query-core, and TypeScript treats the
// classes of two versions as unrelated.

/** The part of query-core's `Query` that this module uses. */
export interface CachedQuery {
  readonly state: { readonly data: unknown; readonly fetchStatus: string }
  isActive(): boolean
  setState(state: { data: unknown; isInvalidated: boolean }): void
  fetch(options: undefined, fetchOptions: { initialPromise: Promise<never> }): Promise<unknown>
}

/** The part of query-core's `QueryCacheNotifyEvent` that this module uses. */
export interface CacheEvent {
  readonly type: string
  readonly query: object
  readonly action?: { readonly type: string }
}

/** The part of query-core's `QueryClient`, in any version 5, that this module uses. */
export interface CacheClient {
  getQueryCache(): {
    find(filters: { queryKey: QueryKey; exact: true }): CachedQuery | undefined
    subscribe(listener: (event: CacheEvent) => void): () => void
  }
  setQueryData(queryKey: QueryKey, updater: (cached: unknown) => unknown): unknown
}

/** The part of query-core's `QueryFunctionContext` that this module uses. */
export interface FetchContext {
  readonly client: CacheClient
  readonly queryKey: QueryKey
  readonly signal: AbortSignal
}

/**
 * Returns the query that is being fetched.
 *
 * @throws TypeError if the cache of the client does not hold it.
 */
export function queryOf({ client, queryKey }: FetchContext): CachedQuery {
  const query = client.getQueryCache().find({ queryKey, exact: true })
  if (query === undefined) throw new TypeError('queryFn must be called by the QueryClient whose cache holds the query')
  return query
}

/** Emits the cache events of one query. */
export function eventsOf(client: CacheClient, query: CachedQuery): Observable<CacheEvent> {
  return new Observable((subscriber) =>
    client.getQueryCache().subscribe((event) => {
      if (event.query === query) subscriber.next(event)
    }),
  )
}

// A longer timer (24 days) would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/** Emits when the query has had no enabled observer for `durationMs`. */
export function whenUnobserved(client: CacheClient, query: CachedQuery, durationMs: number): Observable<unknown> {
  return eventsOf(client, query).pipe(
    startWith(undefined),
    map(() => query.isActive()),
    distinctUntilChanged(),
    switchMap((isObserved) => (isObserved || durationMs > MAX_TIMER_MS ? NEVER : timer(durationMs))),
  )
}
