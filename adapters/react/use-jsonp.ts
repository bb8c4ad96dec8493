import { type AllTypeArguments, fromJsonp, type JsonpOptions } from 'rxwire'
import { liveCallbacks } from './live-options.ts'
import { addressOf, type HookUrl, requestPart, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/**
 * Options of {@link useJsonp}: those of `fromJsonp` and of the hook. Components with the same `key` share a
 * connection only if their urls are equal.
 */
export type UseJsonpOptions<T> = JsonpOptions<T> & UrlHookOptions

/**
 * Requests data by JSONP, from a server without CORS. It sends the request after the first render and when the url or
 * the query changes, and aborts it on unmount. `reconnect` sends it again. Options and callbacks may be written inline.
 *
 * When a changed option takes effect:
 * - `url`, `baseUrl`, `query`, `enabled`, `key`: at once. Another `url`, `baseUrl` or `query` is another request.
 * - A `url` function: with the next attempt.
 * - `decode`, `fold`: with the response. `decode` may be added after the request was sent.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - All others, and a schema as `decode`: with the next request.
 *
 * @param url The URL of the request, or a function that returns it for each attempt. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromJsonp`; `initial` and `fold`, or `keep`, or neither for the last response; `select`;
 *   `enabled`, `key`, `lingerMs`, `publishEveryMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { useJsonp } from 'rxwire/react'
 *
 * export function Suggestions({ q }: { q: string }) {
 *   const { data = [], error } = useJsonp('https://example.com/suggest', {
 *     decode: json<string[]>(),
 *     query: { q },
 *     enabled: q !== '',
 *   })
 *   return <p>{error?.message ?? data.join(', ')}</p>
 * }
 * ```
 */
export function useJsonp<T = unknown, S = T | undefined>(
  url: HookUrl,
  options?: UseJsonpOptions<T> & LastView<T, S>,
): WireResult<S>
export function useJsonp<T = unknown, S = T[]>(
  url: HookUrl,
  options: UseJsonpOptions<T> & KeptView<T, S>,
): WireResult<S>
export function useJsonp<T = unknown, D = AllTypeArguments, S = D>(
  url: HookUrl,
  options: UseJsonpOptions<T> & FoldedView<T, D, S>,
): WireResult<S>
export function useJsonp<T, D, S>(url: HookUrl, options: UseJsonpOptions<T> & AnyView<T, D, S> = {}): WireResult<S> {
  return useUrlWire<T, D, S, typeof options>(url, options, {
    connect: fromJsonp,
    address: addressOf('jsonp', url, requestPart(options)),
    live: (latest) => ({ ...latest.current, ...liveCallbacks(latest, { decode: (data) => data }) }),
  })
}
