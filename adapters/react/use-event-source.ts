'use client'

import { useMemo } from 'react'
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
import { type Latest, useLatest } from './use-latest.ts'
import { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'

/** Options of {@link useEventSource}: those of the wire, and those of the hook. What is shared by `key` has the same url. */
export type UseEventSourceOptions<T> = EventSourceOptions<T> & Omit<UseWireOptions, 'restartOn'>

/** Only text can do without being decoded. */
type NeedsDecode<T> = [string] extends [T] ? unknown : { readonly decode: Decode<string, T> }

// The overloads below have seen to it that there is a decoder where one is needed.
const connect = fromEventSource as <T>(url: Provider<string | URL>, options: EventSourceOptions<T>) => Wire<T>

/**
 * Server-Sent Events in a component. It connects after the first render, reconnects by itself from the last
 * event id, and closes on unmount. Options and callbacks may be written inline: a changed url makes a new
 * connection; changed `headers` are sent with the next attempt, changed callbacks run for the next message, and
 * all other options are those of the render that opened the connection.
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
  const latest = useLatest({ ...options, url })
  const address = typeof url === 'function' ? undefined : String(url)
  // A mistake in the options shows where it was made, in the render, and not later in some effect.
  useMemo(() => connect(url, options), [address])

  return useWire<T, D>(({ cursor }) => connect(liveUrl(latest), liveOptions(latest, cursor)), {
    ...(options as UseWireOptions & FoldOptions<T, D>),
    // The url is part of the key: what was opened for another one must not be taken for this.
    key: options.key === undefined ? undefined : JSON.stringify([options.key, address]),
    restartOn: [address],
  })
}

type LatestCall<T> = Latest<EventSourceOptions<T> & { readonly url: Provider<string | URL> }>

function liveUrl<T>(latest: LatestCall<T>): Provider<string | URL> {
  return liveCallbacks(latest, ['url']).url ?? latest.current.url
}

/** The options as they are when they are asked: an attempt hours from now uses the headers of that render. */
function liveOptions<T>(latest: LatestCall<T>, cursor: string | undefined): EventSourceOptions<T> {
  const options = latest.current
  return {
    ...options,
    ...liveCallbacks(latest, ['decode', 'onBadMessage']),
    // Also where there are none yet: a token often comes a render later.
    ...(options.engine !== 'native' && { headers: (context) => ask(latest.current.headers ?? {}, context) }),
    ...(options.body !== undefined && { body: (context) => ask(latest.current.body ?? null, context) }),
    lastEventId: cursor ?? options.lastEventId,
  }
}

function ask<V, C>(provider: V | ((context: C) => V | Promise<V>), context: C): V | Promise<V> {
  return typeof provider === 'function' ? (provider as (context: C) => V | Promise<V>)(context) : provider
}
