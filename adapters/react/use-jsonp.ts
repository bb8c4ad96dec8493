'use client'

import { fromJsonp, type JsonpOptions, type Provider } from 'rxwire'
import { liveCallbacks } from './live-options.ts'
import { addressOf, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** Options of {@link useJsonp}: those of the wire, and those of the hook. What is shared by `key` has the same url. */
export type UseJsonpOptions<T> = JsonpOptions<T> & UrlHookOptions

/**
 * The answer of a server that knows no CORS, in a component. It asks after the first render, again when the url or the
 * query changes, and lets go on unmount; `reconnect` asks once more. Options and callbacks may be written inline: all
 * but `decode` are those of the render that asked.
 *
 * @param url Where to, or a function that says so for each attempt.
 * @param options Those of `fromJsonp`; `initial` and `fold`, or `keep`, or neither for the last answer; `select`;
 *   `enabled`, `key`, `lingerMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```tsx
 * import { useJsonp } from 'rxwire/react'
 *
 * export function Suggestions({ q }: { q: string }) {
 *   const { data = [], error } = useJsonp<string[]>('https://example.com/suggest', { query: { q }, enabled: q !== '' })
 *   return <p>{error?.message ?? data.join(', ')}</p>
 * }
 * ```
 */
export function useJsonp<T = unknown, D = never, S = D>(
  url: Provider<string | URL>,
  options: UseJsonpOptions<T> & FoldedView<T, D, S>,
): WireResult<S>
export function useJsonp<T = unknown, S = T[]>(
  url: Provider<string | URL>,
  options: UseJsonpOptions<T> & KeptView<T, S>,
): WireResult<S>
export function useJsonp<T = unknown, S = T | undefined>(
  url: Provider<string | URL>,
  options?: UseJsonpOptions<T> & LastView<T, S>,
): WireResult<S>
export function useJsonp<T, D, S>(
  url: Provider<string | URL>,
  options: UseJsonpOptions<T> & AnyView<T, D, S> = {},
): WireResult<S> {
  return useUrlWire<T, D, S, typeof options>(url, options, {
    connect: fromJsonp,
    address: addressOf(url, options.query),
    live: (latest) => ({ ...latest.current, ...liveCallbacks(latest, { decode: (answer) => answer }) }),
  })
}
