import type { DataTag, QueryKey } from '@tanstack/query-core'
import { asapScheduler, defer, fromEvent, lastValueFrom, scan, subscribeOn, takeUntil, tap } from 'rxjs'
import {
  type AccumulateOptions,
  type FoldOptions,
  type KeepOptions,
  type LastOptions,
  type Wire,
  WireError,
  withMemory,
} from 'rxwire'
import { batchAccumulatorOf } from './batch-accumulator.ts'
import { type FetchContext, queryOf } from './cache-client.ts'
import { messageBatches } from './message-batches.ts'
import { memoryOf } from './query-memory.ts'

/** Definition of a query over a wire that ends, for {@link wireQueryOptions}. */
export interface WireQueryDefinition<T, K extends QueryKey> {
  /** The key of the response in the cache. */
  readonly queryKey: K
  /** Returns a new wire for each fetch. */
  readonly wire: () => Wire<T>
}

/** Query options for every adapter of TanStack Query. Spread them to add others, such as `select`. */
export interface WireQueryOptions<D, K extends QueryKey> {
  readonly queryKey: DataTag<K, D, WireError>
  readonly queryFn: (context: FetchContext) => Promise<D>
  /** Never set, so the default of your client applies. Declared so that TypeScript infers the error type. */
  readonly throwOnError?: (error: WireError) => boolean
  readonly staleTime: number
  readonly retry: false
  readonly networkMode: 'always'
  readonly refetchOnWindowFocus: false
  readonly refetchOnReconnect: false
}

/**
 * Returns the options of a query whose response streams in. `data` holds the messages received so far, updated at most
 * once per animation frame. The query is `pending` until the wire completes, which resolves `fetchQuery` and
 * `refetch`. Check `data` before `status` to render a partial response.
 *
 * When the last observer unsubscribes or the query is cancelled, the connection is closed and the cache returns to its
 * state before the fetch. A failure of the wire becomes the `error` of the query, a `WireError`. An error that `wire`
 * or `fold` throws becomes its `error` unchanged. In both cases the messages received so far stay.
 *
 * The query never refetches automatically: its data does not become stale, and only the wire retries. A refetch starts
 * over; its first message replaces the previous data.
 *
 * @param definition The key, the wire, and how messages become data: `initial` and `fold`, or `keep` for an array of
 *   the last messages, or neither for the last message.
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { QueryObserver, type QueryClient } from '@tanstack/query-core'
 * import { fromFetchStream, text } from 'rxwire'
 * import { wireQueryOptions } from 'rxwire/query'
 *
 * export const story = (client: QueryClient, about: string) =>
 *   new QueryObserver(
 *     client,
 *     wireQueryOptions({
 *       queryKey: ['story', about],
 *       wire: () => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *       initial: '',
 *       fold: (story, piece) => story + piece,
 *     }),
 *   )
 * ```
 */
export function wireQueryOptions<T, K extends QueryKey>(
  definition: WireQueryDefinition<T, K> & LastOptions,
): WireQueryOptions<T, K>
export function wireQueryOptions<T, K extends QueryKey>(
  definition: WireQueryDefinition<T, K> & KeepOptions,
): WireQueryOptions<T[], K>
export function wireQueryOptions<T, D, K extends QueryKey>(
  definition: WireQueryDefinition<T, K> & FoldOptions<T, D>,
): WireQueryOptions<D, K>
export function wireQueryOptions<T, D>(
  definition: WireQueryDefinition<T, QueryKey> & AccumulateOptions<T, D>,
): Omit<WireQueryOptions<unknown, QueryKey>, 'queryKey'> & { readonly queryKey: QueryKey } {
  const { queryKey, wire } = definition
  if (typeof wire !== 'function') throw new TypeError('wire must be a function that returns a wire')
  const { initial, append } = batchAccumulatorOf<T, D>(definition)
  return {
    ...COMMON_OPTIONS,
    queryKey,
    queryFn: async (context) => {
      const query = queryOf(context)
      const results = defer(() => wire().pipe(withMemory(memoryOf(query)))).pipe(
        // An observer that unsubscribes and resubscribes synchronously (React's StrictMode) sends one request.
        subscribeOn(asapScheduler),
        messageBatches(),
        scan((data, batch) => (batch === 'reset' ? initial : append(data, batch)), initial),
        // After the batching, so that a cancelled fetch writes no pending batch: query-core has reverted the cache.
        takeUntil(fromEvent(context.signal, 'abort')),
        // `setQueryData` would set the status of a partial response to success. Invalidated, because it is partial.
        tap((data) => query.setState({ data, isInvalidated: true })),
      )
      const data = await lastValueFrom(results, { defaultValue: initial })
      if (data === undefined) throw noMessageError(queryKey)
      return data
    },
  }
}

/** Common to all queries over wires that end: the data never becomes stale, and only the wire retries. */
const COMMON_OPTIONS = {
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
  networkMode: 'always',
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const

function noMessageError(queryKey: QueryKey): WireError {
  return new WireError(
    'truncated',
    `The wire of query ${JSON.stringify(queryKey)} ended without a message. If an empty response is valid, pass initial and fold.`,
  )
}
