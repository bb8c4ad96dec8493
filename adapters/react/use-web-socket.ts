'use client'

import { useMemo } from 'react'
import { map } from 'rxjs'
import {
  fromWebSocket,
  type Outbox,
  type OutboxCounts,
  type OutboxOptions,
  type Provider,
  type WebSocketDecode,
  type WebSocketOptions,
  type Wire,
} from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { useKept } from './base-hooks.ts'
import { joined, lazyFields } from './field-tracker.ts'
import { liveCallbacks } from './live-options.ts'
import { useOutbox } from './use-outbox.ts'
import { addressOf, keyAt, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import { useWire, type WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** Options of {@link useWebSocket}: those of the wire, those of the hook, and those of its outbox. */
export interface UseWebSocketOptions<T, C> extends WebSocketOptions<T, C>, UrlHookOptions {
  /**
   * The options of the hook's own outbox, those of the render that opened the connection. It is cleared when the
   * component goes, and when the url changes: what was meant for one server is not sent to another. To keep what
   * waits, bring an outbox with `outgoing`.
   */
  readonly outbox?: OutboxOptions<C, T> | undefined
}

/** What {@link useWebSocket} returns: the wire's state, the outbox's counts, and what a person may want of both. */
export interface WebSocketResult<D, C> extends WireResult<D>, OutboxCounts, Pick<Outbox<C>, 'send' | 'feed'> {}

/** Only what comes as it is can do without being decoded. */
type NeedsDecode<T> = [string | ArrayBuffer] extends [T]
  ? unknown
  : [string | Blob] extends [T]
    ? unknown
    : { readonly decode: WebSocketDecode<T> }

// The overloads below have seen to it that there is a decoder where one is needed.
const connect = fromWebSocket as unknown as <T, C>(
  url: Provider<string | URL>,
  options: WebSocketOptions<T, C>,
) => Wire<T>

const NOTHING: OutboxCounts = { queued: 0, queuedBytes: 0, sent: 0, dropped: 0, inFlight: 0, buffered: 0 }
const COUNTS = Object.keys(NOTHING) as (keyof OutboxCounts)[]

/**
 * A WebSocket in a component, both ways. It connects after the first render, reconnects by itself from the last
 * `cursor`, and closes with 1000 on unmount; what `send` was given meanwhile waits in a bounded outbox. Options
 * and callbacks may be written inline: another url or other `protocols` make a new connection, a changed callback
 * runs for the next message, and all other options are those of the render that opened the connection. Most callbacks
 * may come later; `encode` and `onBadMessage` may not: without one, the connection goes on as it began.
 *
 * @param url Where the server is, or a function that says so for each attempt.
 * @param options Those of `fromWebSocket`; `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`; `outbox`; `enabled`, `key`, `lingerMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```tsx
 * import { useWebSocket } from 'rxwire/react'
 *
 * export function Chat() {
 *   const { data, send, queued } = useWebSocket<string, string>('/chat', { decode: String, keep: 100 })
 *   return (
 *     <section>
 *       {data.map((line, index) => <p key={index}>{line}</p>)}
 *       <button onClick={() => send('hello')}>Say hello ({queued} waiting)</button>
 *     </section>
 *   )
 * }
 * ```
 */
export function useWebSocket<T = string | ArrayBuffer, C = unknown, D = never, S = D>(
  url: Provider<string | URL>,
  options: UseWebSocketOptions<T, C> & FoldedView<T, D, S> & NeedsDecode<T>,
): WebSocketResult<S, C>
export function useWebSocket<T = string | ArrayBuffer, C = unknown, S = T[]>(
  url: Provider<string | URL>,
  options: UseWebSocketOptions<T, C> & KeptView<T, S> & NeedsDecode<T>,
): WebSocketResult<S, C>
export function useWebSocket<C = unknown, S = string | ArrayBuffer | undefined>(
  url: Provider<string | URL>,
  options?: UseWebSocketOptions<string | ArrayBuffer, C> &
    LastView<string | ArrayBuffer, S> & { readonly decode?: undefined },
): WebSocketResult<S, C>
export function useWebSocket<T, C = unknown, S = T | undefined>(
  url: Provider<string | URL>,
  options: UseWebSocketOptions<T, C> & LastView<T, S> & NeedsDecode<T>,
): WebSocketResult<S, C>
export function useWebSocket<T, C, D, S>(
  url: Provider<string | URL>,
  options: UseWebSocketOptions<T, C> & AnyView<T, D, S> = {},
): WebSocketResult<S, C> {
  const address = addressOf(url, options.protocols)
  const key = keyAt(options.key, address)
  const outboxKey = useKept(() => key ?? {}, [key, address])
  const own = useOutbox<C, T>(outboxKey, options.outbox ?? {}, options.lingerMs ?? 0)
  const outbox = options.outgoing ?? own

  const state = useUrlWire<T, D, S, typeof options>(url, options, {
    connect,
    address,
    live: (latest, resumeFrom) => liveOptions(latest, outbox, resumeFrom),
    restartOn: [outbox],
  })
  const counts = useWire(() => countsOf(outbox), { initial: NOTHING, fold: (_, last) => last, restartOn: [outbox] })
  return useMemo(() => {
    const shown = lazyFields(COUNTS, (name) => counts.data[name])
    return joined(state, shown, { send: outbox.send, feed: outbox.feed })
  }, [state, counts, outbox])
}

/** The counts as a wire: a store publishes them with the same frame as the rest. */
function countsOf<C, I>(outbox: Outbox<C, I>): Wire<OutboxCounts> {
  return outbox.counts.pipe(map((data) => ({ type: 'message', data })))
}

function liveOptions<T, C>(
  latest: Latest<WebSocketOptions<T, C>>,
  outgoing: Outbox<C, T>,
  resumeFrom: string | undefined,
): WebSocketOptions<T, C> {
  return {
    ...latest.current,
    ...liveCallbacks(latest, {
      protocols: () => [],
      decode: (data) => data,
      idOf: () => undefined,
      sendOnOpen: () => [],
      onBadMessage: undefined,
      encode: undefined,
    }),
    outgoing,
    resumeFrom: resumeFrom ?? latest.current.resumeFrom,
  }
}
