import type { QueryKey } from '@tanstack/query-core'
import { distinctUntilChanged, map, NEVER, Observable, startWith, switchMap, timer } from 'rxjs'

// Described by their shape, because the classes of two versions of the core are strangers to the compiler, and every
// adapter brings the version that it was built with.

/** As much of a query in the cache as is used here. */
export interface CachedQuery {
  readonly state: { readonly data: unknown }
  isActive(): boolean
  setState(state: { data: unknown; isInvalidated: boolean }): void
  fetch(options: undefined, fetchOptions: { initialPromise: Promise<never> }): Promise<unknown>
}

/** As much of what a cache tells its listeners as is used here. */
export interface CacheEvent {
  readonly type: string
  readonly query: object
  readonly action?: { readonly type: string }
}

/** As much of a `QueryClient`, of any version 5 of the core, as is used here. */
export interface CacheClient {
  getQueryCache(): {
    find(filters: { queryKey: QueryKey; exact: true }): CachedQuery | undefined
    subscribe(listener: (event: CacheEvent) => void): () => void
  }
  setQueryData(queryKey: QueryKey, updater: (cached: unknown) => unknown): unknown
}

/** What a `queryFn` is given. */
export interface FetchContext {
  readonly client: CacheClient
  readonly queryKey: QueryKey
  readonly signal: AbortSignal
}

/** The query that is being fetched. */
export function queryOf({ client, queryKey }: FetchContext): CachedQuery {
  const query = client.getQueryCache().find({ queryKey, exact: true })
  if (query === undefined) throw new TypeError('queryFn must be called by the client whose cache has the query')
  return query
}

/** What happens to one query of a cache. */
export function eventsOf(client: CacheClient, query: CachedQuery): Observable<CacheEvent> {
  return new Observable((subscriber) =>
    client.getQueryCache().subscribe((event) => {
      if (event.query === query) subscriber.next(event)
    }),
  )
}

/** Emits when nobody has observed the query for so long; one who is disabled does not observe. */
export function unobserved(client: CacheClient, query: CachedQuery, forMs: number): Observable<unknown> {
  return eventsOf(client, query).pipe(
    startWith(undefined),
    map(() => query.isActive()),
    distinctUntilChanged(),
    switchMap((isObserved) => (isObserved ? NEVER : timer(forMs))),
  )
}
