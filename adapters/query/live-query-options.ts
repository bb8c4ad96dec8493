import type { DataTag, QueryKey } from '@tanstack/query-core'
import type { FoldOptions, KeepOptions, Wire, WireError } from 'rxwire'
import { batchAccumulatorOf } from './batch-accumulator.ts'
import type { FetchContext } from './cache-client.ts'
import { goLive, isLive } from './live-connection.ts'
import { type LiveData, newerOf } from './live-data.ts'

/** What a live query is made of. */
export interface LiveQueryDefinition<T, K extends QueryKey> {
  /** Where the data stands in the cache. */
  readonly queryKey: K
  /** Makes the wire. `resumeFrom` is where to go on: the last id among the messages in the cache, if there was one. */
  readonly wire: (start: { readonly resumeFrom: string | undefined }) => Wire<T>
  /**
   * How long the connection outlives its last observer, in milliseconds. Default 0, one macrotask: enough for
   * observers that leave and come back at once.
   */
  readonly lingerMs?: number | undefined
}

/** What each observer makes of the data. */
export interface SelectOptions<D, S> {
  /**
   * Default: the data itself. What it returns is not compared with what it returned before: give the same object where
   * nothing has changed for you, and nothing renders.
   */
  readonly select?: ((data: D) => S) | undefined
}

/** Query options, as every adapter of TanStack Query takes them. Spread them to add others, such as `enabled`. */
export interface LiveQueryOptions<D, S, K extends QueryKey> {
  readonly queryKey: DataTag<K, LiveData<D>, WireError>
  readonly queryFn: (context: FetchContext) => Promise<LiveData<D>>
  readonly select: (entry: LiveData<D>) => S
  /** Not set, so your client's default holds. It is here to tell the compiler what errors are. */
  readonly throwOnError?: (error: WireError) => boolean
  readonly staleTime: (query: object) => number
  readonly retry: false
  readonly networkMode: 'always'
  readonly refetchOnMount: (query: object) => false | 'always'
  readonly refetchOnWindowFocus: false
  readonly refetchOnReconnect: false
  readonly structuralSharing: (cached: unknown, next: unknown) => unknown
}

/**
 * Options of a query over a wire without an end. It settles with the first message; the messages after it reach the
 * cache at most once a frame. All observers share one connection, which ends when nobody observes any more; who comes
 * back finds the data and goes on from its cursor.
 *
 * The cache holds `{ data, cursor }`, and observers see `data`. So what a server dehydrates goes live where it stood.
 *
 * A refetch, also by `invalidateQueries`, reconnects from the cursor and settles at once with what there is; before
 * the first message that is `initial`. Reconnecting after failures is the wire's own business. A failure that it does
 * not survive is the query's `error`, a `WireError`, and what `wire` or `fold` throws is as it was thrown; the data
 * stays, and the next observer or refetch connects again.
 *
 * @param definition The key, the wire, and how messages become data: `initial` and `fold`, or `keep` for the last so
 *   many, or neither for the last one.
 * @throws TypeError if an option makes no sense.
 *
 * @example
 * ```ts
 * import { QueryObserver, type QueryClient } from '@tanstack/query-core'
 * import { fromEventSource } from 'rxwire'
 * import { liveQueryOptions } from 'rxwire/query'
 *
 * export const news = (client: QueryClient) =>
 *   new QueryObserver(
 *     client,
 *     liveQueryOptions({
 *       queryKey: ['news'],
 *       wire: ({ resumeFrom }) => fromEventSource('/news', { resumeFrom }),
 *       keep: 50,
 *     }),
 *   )
 * ```
 */
export function liveQueryOptions<T, D, K extends QueryKey, S = D>(
  definition: LiveQueryDefinition<T, K> & FoldOptions<T, D> & SelectOptions<D, S>,
): LiveQueryOptions<D, S, K>
export function liveQueryOptions<T, K extends QueryKey, S = T[]>(
  definition: LiveQueryDefinition<T, K> & KeepOptions & SelectOptions<T[], S>,
): LiveQueryOptions<T[], S, K>
export function liveQueryOptions<T, K extends QueryKey, S = T | undefined>(
  definition: LiveQueryDefinition<T, K> & SelectOptions<T | undefined, S>,
): LiveQueryOptions<T | undefined, S, K>
export function liveQueryOptions<T, D>(
  definition: LiveQueryDefinition<T, QueryKey> &
    Partial<FoldOptions<T, D> & KeepOptions> &
    SelectOptions<never, unknown>,
): Omit<LiveQueryOptions<never, unknown, QueryKey>, 'queryKey' | 'queryFn'> & {
  readonly queryKey: QueryKey
  readonly queryFn: (context: FetchContext) => Promise<LiveData<unknown>>
} {
  const { queryKey, wire, lingerMs = 0, select } = definition
  if (typeof wire !== 'function') throw new TypeError('wire must be a function that makes a wire')
  if (!(lingerMs >= 0)) throw new TypeError(`lingerMs must be a number of 0 or more, not ${lingerMs}`)
  const folding = batchAccumulatorOf<T, D>(definition)
  return {
    ...keptAliveByTheWire,
    queryKey,
    queryFn: (context) => goLive(context, { wire, folding, lingerMs }),
    select: select === undefined ? dataOf : ({ data }) => select(data),
  }
}

// Always the same function: the core calls a new one again.
const dataOf = (entry: LiveData<unknown>) => entry.data

/** What is the same for every live query: it is fresh while it is connected, and one layer retries, the wire's. */
const keptAliveByTheWire = {
  staleTime: (query: object) => (isLive(query) ? Number.POSITIVE_INFINITY : 0),
  retry: false,
  networkMode: 'always',
  refetchOnMount: (query: object) => (isLive(query) ? false : 'always'),
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  structuralSharing: newerOf,
} as const
