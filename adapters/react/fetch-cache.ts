import { isServer, keepPreviousData, type QueryKey, type QueryObserverOptions } from '@tanstack/query-core'
import type { FetchOptions, Provider, WireError } from 'rxwire'
import { toKeyPart } from './use-url-wire.ts'

/** How `useFetch` keeps what it gets. */
export interface FetchCacheOptions {
  /**
   * Put before what makes up the query key: `['user', 7]` is found by `invalidateQueries({ queryKey: ['user'] })`.
   * Whatever else the answer depends on belongs here, such as who is logged in, or how it is decoded: what `decode` makes
   * of it is what is kept, by the component that happened to ask, and those who share a key share that. Default: none;
   * but a url that is a function, and a method that is not safe, need one.
   */
  readonly key?: string | QueryKey | undefined
  /** `false` asks for nothing, and shows what is there already. What is in flight goes on. Default `true`. */
  readonly enabled?: boolean | undefined
  /**
   * For how long an answer counts as fresh, in milliseconds. One that is older is shown, and asked for anew when a
   * component comes, the page is shown again, or the network is back. Default 0, or what the client says; for a
   * method that is not safe `Infinity`.
   */
  readonly staleMs?: number | undefined
  /** For how long an answer is kept that no component shows, in milliseconds. Default 300,000, or what the client says. */
  readonly gcMs?: number | undefined
  /**
   * Whether a stale answer is asked for anew when the page is shown again. Default: if the method is safe, and the client
   * does not say otherwise.
   */
  readonly refetchOnFocus?: boolean | undefined
  /** Whether the data of the former url stays until that of the new one is there. Default `false`. */
  readonly keepPrevious?: boolean | undefined
}

type Asked = FetchCacheOptions & Omit<FetchOptions<never>, 'decode'>

// RFC 9110 §9.2.1: asking changes nothing.
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** What makes two requests the same question. A body that is no text cannot be told, and is left to `key`. */
export function queryKeyOf(url: Provider<string | URL>, options: Asked): QueryKey {
  const { key = [], query, json, body, responseType } = options
  const text = typeof body === 'string' ? body : undefined
  return [
    ...[key].flat(),
    toKeyPart(url),
    { method: methodOf(options), query: toKeyPart(query), json, body: text, responseType },
  ]
}

/** What is not safe is asked by hand: no default of a client has it asked by itself. */
const NEVER_BY_ITSELF = {
  staleTime: Number.POSITIVE_INFINITY,
  retryOnMount: false,
  refetchOnMount: true,
  refetchOnReconnect: false,
  refetchOnWindowFocus: false,
  refetchInterval: false,
} as const

/** How query-core shall treat the query. What is left out is the client's to say. */
export function queryOptionsOf<T>(
  options: Asked,
): Omit<QueryObserverOptions<T, WireError>, 'queryKey' | 'queryFn' | 'queryHash'> {
  const { enabled = true, staleMs, gcMs, refetchOnFocus, keepPrevious = false } = options
  return {
    enabled,
    // The wire tries again: two layers would multiply.
    retry: false,
    ...(!isSafe(options) && NEVER_BY_ITSELF),
    ...(refetchOnFocus !== undefined && { refetchOnWindowFocus: refetchOnFocus }),
    ...(staleMs !== undefined && { staleTime: staleMs }),
    // A server that has rendered must not be kept alive by a timer.
    ...(gcMs !== undefined && !isServer && { gcTime: gcMs }),
    ...(keepPrevious && { placeholderData: keepPreviousData }),
  }
}

/** Refuses at the call what cannot be kept. */
export function requireFetchCacheOptions(url: Provider<string | URL>, options: Asked): void {
  if (options.key === undefined) {
    if (typeof url === 'function') throw new TypeError('key must be given where the url is a function')
    if (!isSafe(options)) throw new TypeError(`key must be given for ${methodOf(options)}, which is not safe`)
  }
  if (options.responseType === 'response') throw new TypeError("responseType must not be 'response': it is read once")
  requireDuration('staleMs', options.staleMs)
  requireDuration('gcMs', options.gcMs)
}

function requireDuration(option: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0)) throw new TypeError(`${option} must be a number of 0 or more, not ${value}`)
}

function methodOf({ method = 'GET' }: Asked): string {
  return method.toUpperCase()
}

function isSafe(options: Asked): boolean {
  return SAFE_METHODS.includes(methodOf(options))
}
