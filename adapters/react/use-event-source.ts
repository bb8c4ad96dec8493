'use client'

import { type Decode, type EventSourceOptions, fromEventSource, type Provider, type Wire } from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** Options of {@link useEventSource}: those of the wire, and those of the hook. What is shared by `key` has the same url. */
export type UseEventSourceOptions<T> = EventSourceOptions<T> & UrlHookOptions

/** Only text can do without being decoded. */
type NeedsDecode<T> = [string] extends [T] ? unknown : { readonly decode: Decode<string, T> }

// The overloads below have seen to it that there is a decoder where one is needed.
const connect = fromEventSource as <T>(url: Provider<string | URL>, options: EventSourceOptions<T>) => Wire<T>

/**
 * Server-Sent Events in a component. It connects after the first render, reconnects by itself from the last
 * event id, and closes on unmount. Options and callbacks may be written inline: a changed url or `query` makes a new
 * connection; changed `headers` are sent with the next attempt, a changed callback runs for the next message, and
 * all other options are those of the render that opened the connection. `decode` may come later, `onBadMessage` may
 * not: without it, the connection goes on as it began.
 *
 * @param url Where the stream is, or a function that says so for each attempt.
 * @param options Those of `fromEventSource`; `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`; `enabled`, `key`, `lingerMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```tsx
 * import { useEventSource } from 'rxwire/react'
 *
 * export function Prices() {
 *   const { data, connection } = useEventSource<{ price: number }>('/ticks', { decode: JSON.parse, keep: 20 })
 *   return (
 *     <section aria-busy={connection !== 'open'}>
 *       {data.map(({ price }, index) => <p key={index}>{price}</p>)}
 *     </section>
 *   )
 * }
 * ```
 */
export function useEventSource<T = string, D = never, S = D>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & FoldedView<T, D, S> & NeedsDecode<T>,
): WireResult<S>
export function useEventSource<T = string, S = T[]>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & KeptView<T, S> & NeedsDecode<T>,
): WireResult<S>
export function useEventSource<T extends string = string, S = T | undefined>(
  url: Provider<string | URL>,
  options?: UseEventSourceOptions<T> & LastView<T, S> & { readonly decode?: undefined },
): WireResult<S>
export function useEventSource<T, S = T | undefined>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & LastView<T, S> & NeedsDecode<T>,
): WireResult<S>
export function useEventSource<T, D, S>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & AnyView<T, D, S> = {},
): WireResult<S> {
  return useUrlWire<T, D, S, typeof options>(url, options, { connect, address: addressOf(url, options.query), live })
}

function live<T>(latest: Latest<EventSourceOptions<T>>, resumeFrom: string | undefined): EventSourceOptions<T> {
  const options = latest.current
  const { headers, ...request } = liveRequest(latest)
  return {
    ...options,
    ...liveCallbacks(latest, { decode: (text: string) => text, onBadMessage: undefined }),
    ...request,
    // The native engine sends none, and refuses to be given any.
    ...(options.engine !== 'native' && { headers }),
    resumeFrom: resumeFrom ?? options.resumeFrom,
  }
}
