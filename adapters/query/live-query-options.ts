import type { DataTag, QueryKey } from '@tanstack/query-core'
import type { AccumulateOptions, FoldOptions, KeepOptions, LastOptions, Wire, WireError } from 'rxwire'
import { batchAccumulatorOf } from './batch-accumulator.ts'
import type { FetchContext } from './cache-client.ts'
import { connectQuery, isLive } from './live-connection.ts'
import { keepNewer, type LiveData } from './live-data.ts'

/** Definition of a live query, for {@link liveQueryOptions}. */
export interface LiveQueryDefinition<T, K extends QueryKey> {
  /** The key of the data in the cache. */
  readonly queryKey: K
  /** Returns the wire. `resumeFrom` is the id of the last message in the cache that has one, or `undefined`. */
  readonly wire: (start: { readonly resumeFrom: string | undefined }) => Wire<T>
  /**
   * How long the connection stays open after its last observer unsubscribes, in milliseconds. Default 0, one macrotask:
   * enough for observers that unsubscribe and resubscribe at once.
   */
  readonly lingerMs?: number | undefined
}

/** Options that select the part of the data that an observer receives. */
export interface SelectOptions<D, S> {
  /**
   * Selects the part of the data that observers receive. Results are not compared structurally: return the same object
   * to avoid a render. Default: all of the data.
   */
  readonly select?: ((data: NoInfer<D>) => S) | undefined
}

/** Query options for every adapter of TanStack Query. Spread them to add others, such as `enabled`. */
export interface LiveQueryOptions<D, S, K extends QueryKey> {
  readonly queryKey: DataTag<K, LiveData<D>, WireError>
  readonly queryFn: (context: FetchContext) => Promise<LiveData<D>>
  readonly select: (entry: LiveData<D>) => S
  /** Never set, so the default of your client applies. Declared so that TypeScript infers the error type. */
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
 * Returns the options of a query over a wire that does not end. The query settles with the first message. Later
 * messages are written to the cache at most once per animation frame. All observers share one connection. It closes
 * `lingerMs` after the last observer unsubscribes. The data stays, and the next observer resumes from its cursor.
 *
 * The cache holds `{ data, cursor }`; observers receive `data`. A `select` that is added to the options later receives both. A dehydrated query resumes from its cursor in the
 * browser.
 *
 * A refetch, also by `invalidateQueries`, reconnects from the cursor. It resolves at once with the cached data; before
 * the first message, an invalidation resolves with `initial`. The wire reconnects after failures on its own. A failure
 * that ends the wire becomes the `error` of the query, a `WireError`. An error that `wire` or `fold` throws becomes its
 * `error` unchanged. In both cases the data stays, and the next observer or refetch connects again.
 *
 * @param definition The key, the wire, and how messages become data: `initial` and `fold`, or `keep` for an array of
 *   the last messages, or neither for the last message. `lingerMs` (default 0); `select` (default: all of the data).
 * @throws TypeError if an option is invalid.
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
export function liveQueryOptions<T, K extends QueryKey, S = T | undefined>(
  definition: LiveQueryDefinition<T, K> & LastOptions & SelectOptions<T | undefined, S>,
): LiveQueryOptions<T | undefined, S, K>
export function liveQueryOptions<T, K extends QueryKey, S = T[]>(
  definition: LiveQueryDefinition<T, K> & KeepOptions & SelectOptions<T[], S>,
): LiveQueryOptions<T[], S, K>
export function liveQueryOptions<T, D, K extends QueryKey, S = D>(
  definition: LiveQueryDefinition<T, K> & FoldOptions<T, D> & SelectOptions<D, S>,
): LiveQueryOptions<D, S, K>
export function liveQueryOptions<T, D>(
  definition: LiveQueryDefinition<T, QueryKey> & AccumulateOptions<T, D> & SelectOptions<never, unknown>,
): Omit<LiveQueryOptions<never, unknown, QueryKey>, 'queryKey' | 'queryFn'> & {
  readonly queryKey: QueryKey
  readonly queryFn: (context: FetchContext) => Promise<LiveData<unknown>>
} {
  const { queryKey, wire, lingerMs = 0, select } = definition
  if (typeof wire !== 'function') throw new TypeError('wire must be a function that returns a wire')
  if (!(lingerMs >= 0)) throw new TypeError(`lingerMs must be a non-negative number, got ${lingerMs}`)
  const accumulator = batchAccumulatorOf<T, D>(definition)
  return {
    ...COMMON_OPTIONS,
    queryKey,
    queryFn: (context) => connectQuery(context, { wire, accumulator, lingerMs }),
    select: select === undefined ? selectData : ({ data }) => select(data),
  }
}

// One function for all queries: query-core calls `select` again when the function changes.
const selectData = (entry: LiveData<unknown>) => entry.data

/** Common to all live queries: the data is fresh while connected, and only the wire retries. */
const COMMON_OPTIONS = {
  staleTime: (query: object) => (isLive(query) ? Number.POSITIVE_INFINITY : 0),
  retry: false,
  networkMode: 'always',
  refetchOnMount: (query: object) => (isLive(query) ? false : 'always'),
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  structuralSharing: keepNewer,
} as const
