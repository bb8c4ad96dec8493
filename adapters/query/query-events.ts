import { distinctUntilChanged, map, NEVER, Observable, startWith, switchMap, timer } from 'rxjs'
import type { CacheClient, CachedQuery, CacheEvent } from './cache-client.ts'

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
