'use client'

import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import {
  type FetchBodies,
  type FetchOptions,
  fromFetch,
  type Progress,
  type Provider,
  type Wire,
  type WireError,
} from 'rxwire'
import { type FetchCacheOptions, queryKeyOf, queryOptionsOf, requireFetchCacheOptions } from './fetch-cache.ts'
import { askForQuery, downloadOf } from './fetch-query.ts'
import { useQuery } from './use-query.ts'
import { addressOf } from './use-url-wire.ts'
import { useWireClient } from './wire-provider.ts'

/** What an answer may be read as. A response itself cannot be kept: its body can be read only once. */
type CachedBody = Exclude<keyof FetchBodies, 'response'>

/** Options of {@link useFetch}: those of the wire, and those of the cache. */
export type UseFetchOptions<T, R extends CachedBody = CachedBody> = Omit<FetchOptions<T, R>, 'etag'> & FetchCacheOptions

/** What {@link useFetch} returns. A component is rendered only for what it has read of it. */
export interface FetchResult<T> {
  /** The last answer; `null` if that was empty, `undefined` before there is one. */
  readonly data: T | undefined
  /** Why the last request failed, in the end. The data of an earlier one stays. */
  readonly error: WireError | undefined
  /** `'pending'` until there is data or an error. */
  readonly status: 'pending' | 'error' | 'success'
  /** Whether a request is in flight, or about to be tried again. */
  readonly isFetching: boolean
  /** How far the answer to the request in flight has come. */
  readonly download: Progress | undefined
  /** Asks anew, also for what is fresh or not enabled; resolves when that is over, however it went. */
  readonly refetch: () => Promise<void>
}

// The overloads below have seen to it that the decoder reads what the body is read as.
const connect = fromFetch as <T>(url: Provider<string | URL>, options: FetchOptions<T>) => Wire<T>

/**
 * One request whose answer is kept, over TanStack's query-core: components that ask for the same share one request and
 * one answer, and a stale one is shown while it is asked for anew, with its ETag. A 304 keeps the very object. When
 * the last component goes, the request is aborted. Options may be written inline: those of the last render count for
 * the next request.
 *
 * The query key is made of `key`, the url, the method, `query`, `json`, a `body` that is text, and `responseType`.
 * What `decode` makes of the answer is what is kept: components that decode it differently need different keys.
 * Failures are tried again by the wire (`retry`), which knows what is safe to repeat, and never by the cache. When a
 * stale answer is asked for anew is the client's to say where the options do not (`staleTime`, `refetchOnWindowFocus`,
 * `refetchOnReconnect` and the like), but for a method that is not safe.
 *
 * A method that is not safe, such as POST, is taken for a question: it is asked when the first component shows it, and
 * then only by `refetch` and by invalidating it. To send something when a button is pressed, take `useXhr`.
 *
 * @param url Where to, or a function that says so for each attempt.
 * @param options Those of `fromFetch` but `etag`, and those of the cache.
 * @throws TypeError if the url or an option makes no sense, or a `key` is missing.
 *
 * @example
 * ```tsx
 * import { useFetch } from 'rxwire/react'
 *
 * export function Greeting() {
 *   const { data, error, refetch } = useFetch<{ name: string }>('/me', { staleMs: 60_000 })
 *   if (error !== undefined) return <button onClick={refetch}>{error.message} Try again</button>
 *   return <h1>Hello {data?.name}</h1>
 * }
 * ```
 */
export function useFetch<R extends Exclude<CachedBody, 'json'>, T = FetchBodies[R]>(
  url: Provider<string | URL>,
  options: UseFetchOptions<T, R> & { readonly responseType: R },
): FetchResult<T>
export function useFetch<T = unknown>(url: Provider<string | URL>, options?: UseFetchOptions<T, 'json'>): FetchResult<T>
export function useFetch<T>(url: Provider<string | URL>, options: UseFetchOptions<T> = {}): FetchResult<T> {
  const client = useWireClient()
  const queryKey = queryKeyOf(url, options)
  // A mistake in the options shows where it was made, in the render, and not later as a failed query.
  useMemo(() => {
    requireFetchCacheOptions(url, options)
    connect(url, options)
  }, [addressOf(...queryKey)])

  const { query, result, refetch } = useQuery<T>(client, {
    queryKey,
    ask: (asked, signal) => askForQuery(asked, (etag) => connect(url, { ...options, etag }), signal),
    ...queryOptionsOf<T>(options),
  })
  const download = useDownload(query)
  // What is read is written down, and nothing else makes the component render.
  return {
    get data() {
      return result.data
    },
    get error() {
      return result.error ?? undefined
    },
    get status() {
      return result.status
    },
    get isFetching() {
      return result.isFetching
    },
    get download() {
      return download()
    },
    refetch,
  }
}

/**
 * How far the answer to a query's request in flight has come, as a function that is called in the render: a component
 * that does not look at it is not rendered for it.
 */
export function useDownload(query: object): () => Progress | undefined {
  const isLookedAt = useRef(false)
  const progress = downloadOf(query)
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = progress.subscribe(onChange)
      return () => subscription.unsubscribe()
    },
    [progress],
  )
  const shown = useSyncExternalStore(
    subscribe,
    () => (isLookedAt.current ? progress.value : undefined),
    () => undefined,
  )
  return () => {
    isLookedAt.current = true
    return shown
  }
}
