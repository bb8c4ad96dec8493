import type { QueryKey } from '@tanstack/query-core'
import {
  BehaviorSubject,
  connect,
  distinctUntilChanged,
  ignoreElements,
  merge,
  Observable,
  of,
  switchMap,
  tap,
} from 'rxjs'
import { type ConnectionState, connection, type Wire, type WireEvent } from 'rxwire'
import type { CacheClient, CachedQuery } from './cache-client.ts'

/** The state of a query without a connection. */
export const IDLE: ConnectionState = {
  connection: 'idle',
  attempt: 0,
  retryAt: undefined,
  close: undefined,
  error: undefined,
}

const states = new WeakMap<object, BehaviorSubject<ConnectionState>>()

/**
 * Returns the connection of a live query: the status of the query is `success` and `idle` as soon as it has data, also while
 * its wire reconnects. It emits the current state on subscribe, and each change. It does not connect, and never completes.
 *
 * @param client The client whose cache holds the query, or will hold it.
 * @param queryKey The key of the query.
 *
 * @example
 * ```ts
 * import { QueryClient } from '@tanstack/query-core'
 * import { queryConnection } from 'rxwire/query'
 *
 * const client = new QueryClient()
 * queryConnection(client, ['news']).subscribe(({ connection, retryAt }) => console.info(connection, retryAt))
 * ```
 */
export function queryConnection(client: CacheClient, queryKey: QueryKey): Observable<ConnectionState> {
  const cache = client.getQueryCache()
  const find = () => cache.find({ queryKey, exact: true })
  const queries = new Observable<CachedQuery | undefined>((subscriber) => {
    subscriber.next(find())
    return cache.subscribe(({ type }) => {
      if (type === 'added' || type === 'removed') subscriber.next(find())
    })
  })
  return queries.pipe(
    distinctUntilChanged(),
    switchMap((query) => (query === undefined ? of(IDLE) : statesOf(query))),
    distinctUntilChanged(),
  )
}

/** Notes the state of the wire for {@link queryConnection}. */
export function noteConnection<T>(query: CachedQuery): (wire: Wire<T>) => Observable<WireEvent<T>> {
  const note = connectionNoter<T>(query)
  return (wire) => wire.pipe(connect((events) => merge(events.pipe(note, ignoreElements()), events)))
}

function connectionNoter<T>(query: CachedQuery) {
  return (events: Wire<T>): Observable<ConnectionState> =>
    events.pipe(
      connection(),
      tap((state) => statesOf(query).next(state)),
    )
}

/** Notes that the query has no connection any more. How its wire has ended stays. */
export function noteDisconnected(query: CachedQuery): void {
  const state = statesOf(query)
  if (state.value.connection !== 'closed' && state.value.connection !== 'failed') state.next(IDLE)
}

function statesOf(query: CachedQuery): BehaviorSubject<ConnectionState> {
  const known = states.get(query) ?? new BehaviorSubject(IDLE)
  states.set(query, known)
  return known
}
