import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import { NEVER } from 'rxjs'
import {
  type Decode,
  type DecodeRequired,
  type FetchBodies,
  type FetchOptions,
  fromFetch,
  type MessageOf,
  type NeedsDecode,
  type Progress,
  type Wire,
  type WireError,
} from 'rxwire'
import { addressOf, type HookUrl, isKnown } from '../../react/use-url-wire.ts'
import { type FetchCacheOptions, queryKeyOf, queryOptionsOf, requireFetchCacheOptions } from './fetch-cache.ts'
import { downloadOf, fetchQueryData } from './fetch-query.ts'
import { useQuery } from './use-query.ts'
import { useWireClient } from './wire-provider.ts'

/** The response types that can be cached. A `Response` cannot: its body can be read only once. */
type CachedBody = Exclude<keyof FetchBodies, 'response'>

/** Options of {@link useFetch}: those of `fromFetch` without `etag`, and those of the cache. */
export type UseFetchOptions<T, R extends CachedBody = CachedBody> = Omit<FetchOptions<T, R>, 'etag'> & FetchCacheOptions

/** What {@link useFetch} returns. The component renders only for the fields that it reads. */
export interface FetchResult<T> {
  /** The last response: `null` if its body is empty, `undefined` before the first. */
  readonly data: T | undefined
  /** The error of the last request, after all retries. The data of an earlier response stays. */
  readonly error: WireError | undefined
  /** `'pending'` until there is data or an error. */
  readonly status: 'pending' | 'error' | 'success'
  /** Whether a request is in flight or waits for a retry. */
  readonly isFetching: boolean
  /** The download progress of the request in flight. */
  readonly download: Progress | undefined
  /** Fetches again, also if the data is fresh or the hook is not enabled. Resolves when done; never rejects. */
  readonly refetch: () => Promise<void>
}

// The overloads below check that the decoder matches `responseType`.
const connect = fromFetch as unknown as <T>(url: HookUrl, options: FetchOptions<T>) => Wire<T>

/**
 * Fetches a response and caches it in TanStack's query-core. Components with the same query key share one request and
 * one response. A stale response is returned while it is fetched again with its ETag; after a 304 the data is still the
 * same object. The request is aborted when its last component unmounts.
 *
 * The query key consists of `key`, the url, `baseUrl`, the method, `query`, `json`, a `body` that is a string, and `responseType`.
 * The cache holds the result of `decode`, so components that decode differently need different keys.
 *
 * The wire retries failures (`retry`), because it knows which requests are safe to repeat. The cache never does. For a
 * safe method, the defaults of the query client apply where an option is absent (`staleTime`, `refetchOnWindowFocus`,
 * `refetchOnReconnect` and so on).
 *
 * A method that is not safe, such as POST, is treated as a query: it is sent when the first component mounts, and again
 * only by `refetch` or by invalidation. To send a request when a button is pressed, use `useXhr`.
 *
 * Options may be written inline. When a changed option takes effect:
 * - The url and all options of the query key: at once, with another query.
 * - `enabled` and the other cache options: at once.
 * - All others: with the next request. Its retries use the same options.
 *
 * @param url The URL of the request, or a function that returns it for each attempt. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromFetch` except `etag`, and those of the cache.
 * @throws TypeError if the url or an option is invalid, or if a required `key` is absent.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { useFetch } from 'rxwire/query/react'
 *
 * export function Greeting() {
 *   const { data, error, refetch } = useFetch('/me', { decode: json<{ name: string }>(), staleMs: 60_000 })
 *   if (error !== undefined) return <button onClick={refetch}>{error.message} Try again</button>
 *   return <h1>Hello {data?.name}</h1>
 * }
 * ```
 */
export function useFetch<T = never, R extends CachedBody = 'json'>(
  url: HookUrl,
  options?: NeedsDecode<FetchBodies[R], T, DecodeRequired<Decode<FetchBodies[R], T>>> & UseFetchOptions<T, R>,
): FetchResult<MessageOf<T, FetchBodies[R]>>
export function useFetch<T>(url: HookUrl, options: UseFetchOptions<T> = {}): FetchResult<T> {
  const client = useWireClient()
  const queryKey = queryKeyOf(url, options)
  // Validates the options in the render, and not only as a failed query.
  useMemo(() => {
    if (!isKnown(url)) return
    requireFetchCacheOptions(url, options)
    connect(url, options)
  }, [addressOf(...queryKey)])

  const { query, result, refetch } = useQuery<T>(client, {
    queryKey,
    fetchData: (query, signal) => {
      const request = (etag: string | undefined) => (isKnown(url) ? connect(url, { ...options, etag }) : NEVER)
      return fetchQueryData(query, request, signal)
    },
    ...queryOptionsOf<T>(options),
    ...(!isKnown(url) && { enabled: false }),
  })
  const download = useDownload(query)
  // Getters, so that the observer tracks which fields are read.
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
    refetch: isKnown(url) ? refetch : fetchNothing,
  }
}

const fetchNothing = async () => {}

/**
 * Returns a function that reads the download progress of a query. Call it in the render: a component that never calls
 * it does not render for progress.
 */
function useDownload(query: object): () => Progress | undefined {
  const isRead = useRef(false)
  const progress = downloadOf(query)
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = progress.subscribe(onChange)
      return () => subscription.unsubscribe()
    },
    [progress],
  )
  const snapshot = useSyncExternalStore(
    subscribe,
    () => (isRead.current ? progress.value : undefined),
    () => undefined,
  )
  return () => {
    isRead.current = true
    return snapshot
  }
}
