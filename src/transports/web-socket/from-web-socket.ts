import { addressOf, parseAddress, SOCKET_SCHEMES } from '../../address.ts'
import { USE_WSS } from '../../advice.ts'
import type { Attempt } from '../../attempt.ts'
import { badMessageHandler, type SkipBadMessage } from '../../decoders/decode-message.ts'
import { provide } from '../../engine/provide.ts'
import { createWire } from '../../engine/reconnecting.ts'
import { CloseError, WireError } from '../../errors.ts'
import { type BaseUrlOptions, baseOf } from '../../http/base-url.ts'
import { type OriginGuard, originGuard } from '../../http/request.ts'
import type { MessageOf, NeedsDecode } from '../../message-type.ts'
import { type WebSocketLike, webSocket } from '../../platform/globals.ts'
import { closeVerdict } from '../../policy/close-code.ts'
import { isAboutCredentials } from '../../policy/http-status.ts'
import { streamPolicy } from '../../policy/retry-policy.ts'
import { type Provider, parseOrFail } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireWebSocketOptions } from './check-options.ts'
import {
  CONNECT_TIMEOUT_MS,
  requireProtocols,
  type SocketData,
  type SocketDecoderRequired,
  type WebSocketOptions,
} from './options.ts'
import { frameReader } from './read-frame.ts'
import { SocketSession } from './socket-session.ts'

/**
 * Opens a WebSocket (RFC 6455, WHATWG WebSockets Standard), in both directions, and reconnects after a lost connection.
 * Unsubscribing closes it with 1000.
 *
 * The close code decides what follows. 1000 completes the wire. A lost connection, a restart and an overload become
 * `waiting`. Codes that a retry cannot change fail with a `CloseError`, and rejected credentials with one of kind
 * `auth`. A failed handshake is a `WireError` of kind `network` and is retried, because browsers hide why it failed.
 *
 * @param url The URL, or a function that returns it for each attempt. It may be relative, or an HTTP URL.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { createOutbox, fromWebSocket, json, messages } from 'rxwire'
 *
 * const outbox = createOutbox<{ text: string }>()
 * fromWebSocket('/chat', { decode: json<{ text: string }>(), outgoing: outbox })
 *   .pipe(messages())
 *   .subscribe(({ text }) => console.info(text))
 * await outbox.send({ text: 'hello' })
 * ```
 */
export function fromWebSocket(url: Provider<string | URL>): Wire<SocketData<'arraybuffer'>>
export function fromWebSocket<T = never, C = never, B extends BinaryType = 'arraybuffer'>(
  url: Provider<string | URL>,
  options: NeedsDecode<SocketData<B>, T, SocketDecoderRequired<T>> &
    WebSocketOptions<T, C, B, MessageOf<T, SocketData<B>>>,
): Wire<MessageOf<T, SocketData<B>>>
export function fromWebSocket<T, C>(url: Provider<string | URL>, options: WebSocketOptions<T, C> = {}): Wire<T> {
  requireWebSocketOptions(url, options)
  const { closeCodes, burst, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const wire = createWire<T>(
    (memory) => {
      const skip = badMessageHandler(options.onBadMessage)
      const guard = originGuard(memory, options, socketOrigin)
      return (attempt) => connectSocket(url, options, { skip, guard }, attempt)
    },
    {
      ...streamPolicy(options.reconnect),
      connectTimeoutMs,
      resumeFrom: options.resumeFrom,
      isAboutCredentials: (error) =>
        isAboutCredentials(error) ||
        (error instanceof CloseError &&
          error.code !== undefined &&
          closeVerdict(error.code, closeCodes, error.reason) === 'refresh'),
    },
  )
  return burst === undefined ? wire : wire.pipe(burst)
}

/** Opens the socket of one attempt. */
async function connectSocket<T, C>(
  url: Provider<string | URL>,
  options: WebSocketOptions<T, C>,
  { skip, guard }: { readonly skip: SkipBadMessage; readonly guard: OriginGuard },
  attempt: Attempt<T>,
): Promise<void> {
  const [target, protocols] = await Promise.all([
    provide('url', url, attempt),
    provide('protocols', options.protocols ?? [], attempt),
  ])
  // The subscriber may have unsubscribed while the providers ran.
  attempt.signal.throwIfAborted()
  const offered = parseOrFail('protocols', () => offeredBy(protocols))
  const href = parseOrFail('url', () => webSocketUrl(target, options))
  // A subprotocol may be a token, and the first frames usually contain one.
  guard(href, offered.length > 0 || options.sendOnOpen !== undefined)
  // Before the socket, which would stay open if this throws.
  const readFrame = frameReader(options, skip, attempt.signal)
  const socket = openSocket(href, offered, options)
  socket.binaryType = options.binaryType ?? 'arraybuffer'
  const session = new SocketSession(socket, offered, options, readFrame, attempt)
  // A limit of silence replaces a dead connection, so there is nothing to probe after a sleep.
  if (options.heartbeat !== undefined || options.stallTimeoutMs !== undefined) attempt.onProbe(() => session.probe())
}

/** @throws TypeError if the protocols are invalid. A function may return none. */
function offeredBy(protocols: string | readonly string[] | null | undefined): string[] {
  const offered = typeof protocols === 'string' ? [protocols] : (protocols ?? [])
  requireProtocols(offered)
  return [...offered]
}

function openSocket<T, C>(href: string, protocols: string[], options: WebSocketOptions<T, C>): WebSocketLike {
  const Socket = webSocket(options)
  if (Socket === undefined)
    throw new WireError('network', 'This host has no WebSocket. Pass one as the option WebSocket.')
  try {
    return new Socket(href, protocols)
  } catch (cause) {
    // The message of the host may show the query or a protocol, and with them a token.
    const reason = cause instanceof Error ? cause.name : 'it threw'
    throw new WireError('network', `${addressOf(href)} was refused by this host (${reason}).${USE_WSS}`)
  }
}

/** The origin of a socket, for a base that is an HTTP URL. */
function socketOrigin(url: string): string {
  return new URL(url).origin.replace(/^http/, 'ws')
}

/** Older hosts accept neither relative nor HTTP URLs. */
function webSocketUrl(target: string | URL, options: BaseUrlOptions): string {
  const url = parseAddress('url', target, baseOf(options), SOCKET_SCHEMES)
  if (url.protocol.startsWith('http')) url.protocol = url.protocol.replace('http', 'ws')
  // [spec] RFC 6455 §3: a fragment has no meaning and must not be used. Some hosts throw on one.
  url.hash = ''
  return url.href
}
