'use client'

import { useMemo } from 'react'
import { type FoldOptions, fromJsonp, type JsonpOptions, type KeepOptions, type Provider } from 'rxwire'
import { liveCallbacks } from './live-callbacks.ts'
import { useLatest } from './use-latest.ts'
import { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'

/** Options of {@link useJsonp}: those of the wire, and those of the hook. What is shared by `key` has the same url. */
export type UseJsonpOptions<T> = JsonpOptions<T> & Omit<UseWireOptions, 'restartOn'>

/**
 * The answer of a server that knows no CORS, in a component. It asks after the first render, again when the url or the
 * query changes, and lets go on unmount; `reconnect` asks once more. Options and callbacks may be written inline: all
 * but `decode` are those of the render that asked.
 *
 * @param url Where to, or a function that says so for each attempt.
 * @param options Those of `fromJsonp`; `initial` and `fold`, or `keep`, or neither for the last answer; and `enabled`,
 *   `key`, `lingerMs`.
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
export function useJsonp<T = unknown, D = never>(
  url: Provider<string | URL>,
  options: UseJsonpOptions<T> & FoldOptions<T, D>,
): WireResult<D>
export function useJsonp<T = unknown>(
  url: Provider<string | URL>,
  options: UseJsonpOptions<T> & KeepOptions,
): WireResult<T[]>
export function useJsonp<T = unknown>(
  url: Provider<string | URL>,
  options?: UseJsonpOptions<T>,
): WireResult<T | undefined>
export function useJsonp<T, D>(
  url: Provider<string | URL>,
  options: UseJsonpOptions<T> & Partial<FoldOptions<T, D> & KeepOptions> = {},
): WireResult<unknown> {
  const latest = useLatest({ ...options, url })
  const question = JSON.stringify([typeof url === 'function' ? undefined : url, queryText(options.query)])
  // A mistake in the options shows where it was made, in the render, and not later in some effect.
  useMemo(() => fromJsonp(url, options), [question])

  const ask = () => {
    const { url = latest.current.url, ...live } = liveCallbacks(latest, ['url', 'decode'])
    return fromJsonp<T>(url, { ...latest.current, ...live })
  }
  return useWire<T, D>(ask, {
    ...(options as UseWireOptions & FoldOptions<T, D>),
    // The question is part of the key: the answer to another one must not be taken for this one's.
    key: options.key === undefined ? undefined : JSON.stringify([options.key, question]),
    restartOn: [question],
  })
}

/** A query as JSON can tell it from another. */
function queryText(query: JsonpOptions<unknown>['query']): unknown {
  return query instanceof URLSearchParams ? String(query) : query
}
