'use client'

import {
  type Decode,
  type EventSourceOptions,
  type FoldOptions,
  fromEventSource,
  type KeepOptions,
  type Provider,
  type Wire,
} from 'rxwire'
import { liveCallbacks } from './live-callbacks.ts'
import { liveRequest } from './live-request.ts'
import type { Latest } from './use-latest.ts'
import { addressOf, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'

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
 *   and `enabled`, `key`, `lingerMs`.
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
export function useEventSource<T = string, D = never>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & FoldOptions<T, D> & NeedsDecode<T>,
): WireResult<D>
export function useEventSource<T = string>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & KeepOptions & NeedsDecode<T>,
): WireResult<T[]>
export function useEventSource(
  url: Provider<string | URL>,
  options?: UseEventSourceOptions<string>,
): WireResult<string | undefined>
export function useEventSource<T>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & NeedsDecode<T>,
): WireResult<T | undefined>
export function useEventSource<T, D>(
  url: Provider<string | URL>,
  options: UseEventSourceOptions<T> & Partial<FoldOptions<T, D> & KeepOptions> = {},
): WireResult<unknown> {
  return useUrlWire<T, D, typeof options>(url, options, { connect, address: addressOf(url, options.query), live })
}

function live<T>(latest: Latest<EventSourceOptions<T>>, cursor: string | undefined): EventSourceOptions<T> {
  const options = latest.current
  const { headers, ...request } = liveRequest(latest)
  return {
    ...options,
    ...liveCallbacks(latest, { decode: (text: string) => text, onBadMessage: undefined }),
    ...request,
    // The native engine sends none, and refuses to be given any.
    ...(options.engine !== 'native' && { headers }),
    lastEventId: cursor ?? options.lastEventId,
  }
}
