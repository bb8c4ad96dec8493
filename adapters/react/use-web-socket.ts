import { useEffect, useMemo, useState } from 'react'
import {
  type AllTypeArguments,
  fromWebSocket,
  type MessageOf,
  type NeedsDecode,
  type Outbox,
  type OutboxCounts,
  type OutboxOptions,
  type SocketData,
  type SocketDecoderRequired,
  type WebSocketOptions,
  type Wire,
  wireStore,
} from 'rxwire'
import { countsOf, NO_COUNTS } from 'rxwire/reactive'
import { type Latest, useStableMemo } from './base-hooks.ts'
import { mergeFields, observeReads } from './field-tracker.ts'
import { liveCallbacks } from './live-options.ts'
import { useOutbox } from './use-outbox.ts'
import { addressOf, type HookUrl, keyAt, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** Options of {@link useWebSocket}: those of `fromWebSocket`, of the hook, and of its outbox. */
export interface UseWebSocketOptions<T, C, B extends BinaryType = BinaryType, M = MessageOf<T, SocketData<B>>>
  extends WebSocketOptions<T, C, B, M>,
    UrlHookOptions {
  /**
   * Options of the hook's own outbox, read when the connection opens. The outbox is cleared `lingerMs` after unmount.
   * Another url starts with an empty outbox, so that messages for one server are not sent to another. To keep queued
   * messages, pass an outbox of your own as `outgoing`. Default: the defaults of `createOutbox`.
   */
  readonly outbox?: OutboxOptions<C, NoInfer<M>> | undefined
}

/** What {@link useWebSocket} returns: state and controls of the wire, counts of the outbox, `send` and `feed`. */
export interface WebSocketResult<D, C> extends WireResult<D>, OutboxCounts, Pick<Outbox<C>, 'send' | 'feed'> {}

/** Requires a decoder unless messages are delivered as received. */
type Needs<T, B extends BinaryType> = NeedsDecode<SocketData<B>, T, SocketDecoderRequired<T>>

// The overloads below require a decoder where one is needed.
const connect = fromWebSocket as unknown as <T, C>(url: HookUrl, options: WebSocketOptions<T, C>) => Wire<T>

/**
 * Connects a component to a WebSocket without options: the data is the last message as it was received.
 *
 * @param url The URL of the server, or a function that returns it for each attempt.
 */
export function useWebSocket(url: HookUrl): WebSocketResult<SocketData<'arraybuffer'> | undefined, unknown>
/**
 * Connects a component to a WebSocket, in both directions. It connects after the first render, reconnects after the
 * last `cursor`, and closes with 1000 on unmount. While the connection is down, `send` queues in a bounded outbox.
 * Options and callbacks may be written inline.
 *
 * When a changed option takes effect:
 * - `url`, `baseUrl`, `protocols`, `outgoing`, `enabled`, `key`: at once. Another `url`, `baseUrl`, `protocols` or `outgoing` opens another
 *   connection.
 * - `sendOnOpen`, and `url` or `protocols` if it is a function: with the next attempt.
 * - `decode`, `idOf`, `onBadMessage`, `encode`, `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - All others, and a schema as `decode` or `encode`: when another connection opens.
 *
 * `decode`, `idOf` and `sendOnOpen` may be added while the connection is open. A later `encode` or `onBadMessage` is
 * ignored until another connection opens.
 *
 * @param url The URL of the server, or a function that returns it for each attempt. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromWebSocket`; `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`; `outbox`; `enabled`, `key`, `lingerMs`, `publishEveryMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { useWebSocket } from 'rxwire/react'
 *
 * const decode = json<{ said: string }>()
 * const encode = json<{ say: string }>()
 *
 * export function Chat() {
 *   const { data, send, queued } = useWebSocket('/chat', { decode, encode, keep: 100 })
 *   return (
 *     <section>
 *       {data.map(({ said }, index) => <p key={index}>{said}</p>)}
 *       <button onClick={() => send({ say: 'hello' })}>Say hello ({queued} waiting)</button>
 *     </section>
 *   )
 * }
 * ```
 */
export function useWebSocket<
  T = never,
  C = unknown,
  B extends BinaryType = 'arraybuffer',
  S = MessageOf<T, SocketData<B>> | undefined,
>(
  url: HookUrl,
  options: Needs<T, B> & UseWebSocketOptions<T, C, B> & LastView<MessageOf<T, SocketData<B>>, S>,
): WebSocketResult<S, C>
export function useWebSocket<
  T = never,
  C = unknown,
  B extends BinaryType = 'arraybuffer',
  S = MessageOf<T, SocketData<B>>[],
>(
  url: HookUrl,
  options: Needs<T, B> & UseWebSocketOptions<T, C, B> & KeptView<MessageOf<T, SocketData<B>>, S>,
): WebSocketResult<S, C>
export function useWebSocket<T = never, C = unknown, D = AllTypeArguments, B extends BinaryType = 'arraybuffer', S = D>(
  url: HookUrl,
  options: Needs<T, B> & UseWebSocketOptions<T, C, B> & FoldedView<MessageOf<T, SocketData<B>>, D, S>,
): WebSocketResult<S, C>
export function useWebSocket<T, C, D, S>(
  url: HookUrl,
  options: UseWebSocketOptions<T, C, BinaryType, T> & AnyView<T, D, S> = {},
): WebSocketResult<S, C> {
  const address = addressOf('web-socket', url, options.protocols, options.baseUrl)
  const key = keyAt(options.key, address)
  const outboxKey = useStableMemo(() => key ?? {}, [key, address])
  const ownOutbox = useOutbox<C, T>(outboxKey, options.outbox ?? {}, options.lingerMs ?? 0)
  const outbox = options.outgoing ?? ownOutbox

  // Another tab may have the connection that the outbox sends over.
  const state = useUrlWire<T, D, S, typeof options>(
    url,
    { ...options, outgoing: outbox },
    {
      connect,
      address,
      live: (latest, resumeFrom) => liveOptions(latest, outbox, resumeFrom),
      restartOn: [outbox],
    },
  )
  const counts = useCounts(outbox)
  return useMemo(() => {
    return mergeFields(state, counts, { send: outbox.send, feed: outbox.feed })
  }, [state, counts, outbox])
}

/** Returns the counts of an outbox. Subscribes to them when the first one is read. */
function useCounts<C, I>(outbox: Outbox<C, I>): OutboxCounts {
  const [isRead, setIsRead] = useState(false)
  const [last, setLast] = useState({ outbox, counts: NO_COUNTS })
  useEffect(() => {
    if (!isRead) return undefined
    const store = wireStore(countsOf(outbox), { initial: NO_COUNTS, fold: (_, next) => next })
    return store.subscribe(() => setLast({ outbox, counts: store.getSnapshot().data }))
  }, [isRead, outbox])
  const counts = last.outbox === outbox ? last.counts : NO_COUNTS
  return useMemo(
    () =>
      observeReads(counts, (name) => {
        // In a microtask: the read may happen while another component renders, where React forbids state updates.
        if (!isRead && name in counts) Promise.resolve().then(() => setIsRead(true))
      }),
    [counts, isRead],
  )
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
      messages: undefined,
      isReady: undefined,
      endsWhen: undefined,
      failsWhen: undefined,
    }),
    outgoing,
    resumeFrom: resumeFrom ?? latest.current.resumeFrom,
  }
}
