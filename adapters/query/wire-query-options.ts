import type { DataTag, QueryKey } from '@tanstack/query-core'
import { asapScheduler, defer, fromEvent, lastValueFrom, scan, subscribeOn, takeUntil, tap } from 'rxjs'
import { type FoldOptions, type KeepOptions, type Wire, WireError } from 'rxwire'
import { batchAccumulatorOf } from './batch-accumulator.ts'
import { type FetchContext, queryOf } from './cache-client.ts'
import { messageBatches } from './message-batches.ts'

/** What a query over a wire with an end is made of. */
export interface WireQueryDefinition<T, K extends QueryKey> {
  /** Where the answer stands in the cache. */
  readonly queryKey: K
  /** Makes the wire, for each fetch a new one. */
  readonly wire: () => Wire<T>
}

/** Query options, as every adapter of TanStack Query takes them. Spread them to add others, such as `select`. */
export interface WireQueryOptions<D, K extends QueryKey> {
  readonly queryKey: DataTag<K, D, WireError>
  readonly queryFn: (context: FetchContext) => Promise<D>
  /** Not set, so your client's default holds. It is here to tell the compiler what errors are. */
  readonly throwOnError?: (error: WireError) => boolean
  readonly staleTime: number
  readonly retry: false
  readonly networkMode: 'always'
  readonly refetchOnWindowFocus: false
  readonly refetchOnReconnect: false
}

/**
 * Options of a query whose answer arrives in pieces. `data` shows what has come, at most once a frame, and the query
 * is `pending` until the wire completes: that settles `fetchQuery` and `await refetch()`. So read `data` before you ask
 * for the status. When nobody observes the query any more, or it is cancelled, the connection is closed and the cache
 * is as it was before. A wire that fails is the query's `error`, a `WireError`, and what `wire` or `fold` throws is as
 * it was thrown; what has come of the answer stays.
 *
 * Nothing asks again by itself: an answer does not become stale, and to retry is up to the wire. A refetch begins
 * anew; from its first piece on, the new answer is shown.
 *
 * @param definition The key, the wire, and how messages become data: `initial` and `fold`, or `keep` for the last so
 *   many, or neither for the last one.
 * @throws TypeError if an option makes no sense.
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
export function wireQueryOptions<T, D, K extends QueryKey>(
  definition: WireQueryDefinition<T, K> & FoldOptions<T, D>,
): WireQueryOptions<D, K>
export function wireQueryOptions<T, K extends QueryKey>(
  definition: WireQueryDefinition<T, K> & KeepOptions,
): WireQueryOptions<T[], K>
export function wireQueryOptions<T, K extends QueryKey>(definition: WireQueryDefinition<T, K>): WireQueryOptions<T, K>
export function wireQueryOptions<T, D>(
  definition: WireQueryDefinition<T, QueryKey> & Partial<FoldOptions<T, D> & KeepOptions>,
): Omit<WireQueryOptions<unknown, QueryKey>, 'queryKey'> & { readonly queryKey: QueryKey } {
  const { queryKey, wire } = definition
  if (typeof wire !== 'function') throw new TypeError('wire must be a function that makes a wire')
  const { initial, append } = batchAccumulatorOf<T, D>(definition)
  return {
    ...settledByTheWire,
    queryKey,
    queryFn: async (context) => {
      const query = queryOf(context)
      const answer = defer(wire).pipe(
        // Who comes, leaves and comes back at once, as in React's StrictMode, does not ask twice.
        subscribeOn(asapScheduler),
        messageBatches(),
        scan(append, initial),
        // Behind what waits for its frame: the cache goes back to what it was.
        takeUntil(fromEvent(context.signal, 'abort')),
        // Not `setQueryData`, which would call a part of the answer a success. Whoever finds it finds it stale.
        tap((data) => query.setState({ data, isInvalidated: true })),
      )
      const data = await lastValueFrom(answer, { defaultValue: initial })
      if (data === undefined) throw nothingCame(queryKey)
      return data
    },
  }
}

/** What is the same for every answer: one layer retries, and it is the wire's. */
const settledByTheWire = {
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
  networkMode: 'always',
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const

function nothingCame(queryKey: QueryKey): WireError {
  return new WireError(
    'truncated',
    `The wire of query ${JSON.stringify(queryKey)} ended without a message. If that is an answer, too, give initial and fold.`,
  )
}
