import { isServer, keepPreviousData, type QueryKey, type QueryObserverOptions } from '@tanstack/query-core'
import type { FetchOptions, Provider, WireError } from 'rxwire'
import { type HookUrl, toKeyPart } from '../../react/use-url-wire.ts'

/** Options of `useFetch` that control its cache. */
export interface FetchCacheOptions {
  /**
   * Prefix of the query key: `['user', 7]` matches `invalidateQueries({ queryKey: ['user'] })`. Add everything else
   * that the data depends on, for example the current user or the decoder: the cache holds the result of `decode` of
   * the component that fetched, and components with the same query key share it. Default: none. Required if the url is
   * a function or the method is not safe.
   */
  readonly key?: string | QueryKey | undefined
  /** `false` sends no request and returns the cached data. A request in flight is not aborted. Default `true`. */
  readonly enabled?: boolean | undefined
  /**
   * How long data is fresh, in milliseconds. Stale data is returned, and fetched again when a component mounts, the
   * page becomes visible or the network is back. Default: `staleTime` of the client, or 0; `Infinity` for a method that
   * is not safe.
   */
  readonly staleMs?: number | undefined
  /**
   * How long data stays in the cache after its last component unmounts, in milliseconds. Default: `gcTime` of the
   * client, or 300,000.
   */
  readonly gcMs?: number | undefined
  /**
   * Whether to fetch stale data again when the page becomes visible. Default: `refetchOnWindowFocus` of the client, or
   * `true`; `false` for a method that is not safe.
   */
  readonly refetchOnFocus?: boolean | undefined
  /** Whether to return the data of the previous query key until that of the new one arrives. Default `false`. */
  readonly keepPrevious?: boolean | undefined
}

type CachedRequest = FetchCacheOptions & Omit<FetchOptions<never>, 'decode'>

// [spec] RFC 9110 §9.2.1: a safe method changes nothing on the server.
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Returns the query key of a request. A body that is not a string cannot be compared and is left to `key`. */
export function queryKeyOf(url: HookUrl, options: CachedRequest): QueryKey {
  const { key = [], baseUrl, query, json, body, responseType } = options
  const text = typeof body === 'string' ? body : undefined
  return [
    ...[key].flat(),
    toKeyPart(url),
    { baseUrl: toKeyPart(baseUrl), method: methodOf(options), query: toKeyPart(query), json, body: text, responseType },
  ]
}

/** Options for methods that are not safe. They override the client's defaults and turn automatic refetches off. */
const NO_AUTOMATIC_REFETCH = {
  staleTime: Number.POSITIVE_INFINITY,
  retryOnMount: false,
  refetchOnMount: true,
  refetchOnReconnect: false,
  refetchOnWindowFocus: false,
  refetchInterval: false,
} as const

/** Returns the options for query-core. Absent options leave the defaults of the client in place. */
export function queryOptionsOf<T>(
  options: CachedRequest,
): Omit<QueryObserverOptions<T, WireError>, 'queryKey' | 'queryFn' | 'queryHash'> {
  const { enabled = true, staleMs, gcMs, refetchOnFocus, keepPrevious = false } = options
  return {
    enabled,
    // The wire retries. Retries in two layers would multiply.
    retry: false,
    ...(!isSafe(options) && NO_AUTOMATIC_REFETCH),
    ...(refetchOnFocus !== undefined && { refetchOnWindowFocus: refetchOnFocus }),
    ...(staleMs !== undefined && { staleTime: staleMs }),
    // Not on a server: its timer would keep the process alive after the render.
    ...(gcMs !== undefined && !isServer && { gcTime: gcMs }),
    ...(keepPrevious && { placeholderData: keepPreviousData }),
  }
}

/** @throws TypeError if an option is invalid, or if the request cannot be cached. */
export function requireFetchCacheOptions(url: Provider<string | URL>, options: CachedRequest): void {
  if (options.key === undefined) {
    if (typeof url === 'function') throw new TypeError('key is required when url is a function')
    if (!isSafe(options)) throw new TypeError(`key is required for ${methodOf(options)}: the method is not safe`)
  }
  if (options.responseType === 'response')
    throw new TypeError("responseType must not be 'response': its body can be read only once")
  requireDuration('staleMs', options.staleMs)
  requireDuration('gcMs', options.gcMs)
}

function requireDuration(option: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0)) throw new TypeError(`${option} must be a non-negative number, got ${value}`)
}

function methodOf({ method = 'GET' }: CachedRequest): string {
  return method.toUpperCase()
}

function isSafe(options: CachedRequest): boolean {
  return SAFE_METHODS.includes(methodOf(options))
}
