import {
  type AllTypeArguments,
  type Decode,
  type DecodeRequired,
  type EventMessage,
  type EventSourceOptions,
  fromEventSource,
  type NeedsDecode,
  type Wire,
} from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type HookUrl, requestPart, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/**
 * Options of {@link useEventSource}: those of `fromEventSource` and of the hook. Components with the same `key` share a
 * connection only if their urls are equal.
 */
export type UseEventSourceOptions<T, E = never> = EventSourceOptions<T, E> & UrlHookOptions

/** Requires `decode` unless messages are text. */
type Needs<T> = NeedsDecode<string, T, DecodeRequired<Decode<string, T>>>

// The overloads below require a decoder where one is needed.
const connect = fromEventSource as unknown as <T>(url: HookUrl, options: EventSourceOptions<T>) => Wire<T>

/**
 * Subscribes a component to Server-Sent Events without options: the data is the text of the last one.
 *
 * @param url The URL of the server, or a function that returns it for each attempt.
 */
export function useEventSource(url: HookUrl): WireResult<string | undefined>
/**
 * Subscribes a component to Server-Sent Events. It connects after the first render, reconnects after the last event id,
 * and closes on unmount. Options and callbacks may be written inline.
 *
 * When a changed option takes effect:
 * - `enabled`, `key`: at once.
 * - `url`, `baseUrl`, `query`, `method`, `json`, `events`, `engine`, and a `body` that is a string or `URLSearchParams`: at once. They
 *   are compared by their content, and open another connection.
 * - `headers`, any other `body`, and a `url` function: with the next attempt.
 * - `decode`, a function among the decoders of `events`, `onBadMessage`, `endsWhen`, `failsWhen`, `fold`: with the next
 *   message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - All others, and a schema as `decode`: when another connection opens.
 *
 * `decode` may be added while the connection is open. A later `onBadMessage`, `endsWhen`, `failsWhen` or `body` is ignored until another
 * connection opens.
 *
 * @param url The URL of the stream, or a function that returns it for each attempt. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromEventSource`; `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`; `enabled`, `key`, `lingerMs`, `publishEveryMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { useEventSource } from 'rxwire/react'
 *
 * export function Prices() {
 *   const { data, connection } = useEventSource('/ticks', { decode: json<{ price: number }>(), keep: 20 })
 *   return (
 *     <section aria-busy={connection !== 'open'}>
 *       {data.map(({ price }, index) => <p key={index}>{price}</p>)}
 *     </section>
 *   )
 * }
 * ```
 */
export function useEventSource<T = string, E = never, S = EventMessage<T, E> | undefined>(
  url: HookUrl,
  options: Needs<T> & UseEventSourceOptions<T, E> & LastView<EventMessage<T, E>, S>,
): WireResult<S>
export function useEventSource<T = string, E = never, S = EventMessage<T, E>[]>(
  url: HookUrl,
  options: Needs<T> & UseEventSourceOptions<T, E> & KeptView<EventMessage<T, E>, S>,
): WireResult<S>
export function useEventSource<T = string, D = AllTypeArguments, E = never, S = D>(
  url: HookUrl,
  options: Needs<T> & UseEventSourceOptions<T, E> & FoldedView<EventMessage<T, E>, D, S>,
): WireResult<S>
export function useEventSource<T, D, E, S>(
  url: HookUrl,
  given: UseEventSourceOptions<T, E> & AnyView<T, D, S> = {},
): WireResult<S> {
  // The messages of the hook are `T` from here on, also if the decoders of `events` make them.
  const options = given as unknown as UseEventSourceOptions<T> & AnyView<T, D, S>
  return useUrlWire<T, D, S, typeof options>(url, options, {
    connect,
    address: addressOf('event-source', url, requestPart(options), options.events, options.engine),
    live,
  })
}

// Without a default: only a callback that is there when the connection opens is called.
const NO_END = { endsWhen: undefined, failsWhen: undefined }

/** Returns the decoders per event name as functions that call those of the last committed render. */
function liveEvents<T>(latest: Latest<EventSourceOptions<T>>): Partial<EventSourceOptions<T>> {
  const events = latest.current.events as object | undefined
  if (events === undefined || Array.isArray(events)) return {}
  const latestEvents = {
    get current() {
      return { ...events, ...(latest.current.events as object | undefined) }
    },
  }
  // They replace `decode`, also its default.
  return { decode: undefined, events: { ...events, ...liveCallbacks(latestEvents, events) } as never }
}

function live<T>(latest: Latest<EventSourceOptions<T>>, resumeFrom: string | undefined): EventSourceOptions<T> {
  const options = latest.current
  const { headers, ...request } = liveRequest(latest)
  return {
    ...options,
    ...liveCallbacks(latest, { decode: (text: string) => text, onBadMessage: undefined, ...NO_END }),
    ...liveEvents(latest),
    ...request,
    // The native engine cannot send headers and rejects the option.
    ...((options.engine === undefined || 'open' in options.engine) && { headers }),
    resumeFrom: resumeFrom ?? options.resumeFrom,
  }
}
