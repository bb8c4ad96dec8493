import type { Attempt } from '../../attempt.ts'
import { createWire } from '../../engine/reconnecting.ts'
import { CloseError, WireError } from '../../errors.ts'
import { limitBurst } from '../../operators/limit-burst.ts'
import { baseUrl, type WebSocketLike, webSocket } from '../../platform/globals.ts'
import { closeVerdict } from '../../policy/close-code.ts'
import { isAboutCredentials } from '../../policy/http-status.ts'
import { streamPolicy } from '../../policy/retry-policy.ts'
import { freezeContext, type Provider, parseOrFail, provide } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireWebSocketOptions, type WebSocketDecode, type WebSocketOptions } from './options.ts'
import { frameReader, type ReadFrame } from './read-frame.ts'
import { SocketSession } from './socket-session.ts'

const CONNECT_TIMEOUT_MS = 10_000

/**
 * A WebSocket (RFC 6455, WHATWG WebSockets Standard), both ways, that comes back after every cut.
 *
 * What a close code means, one table says: 1000 completes; a lost connection, a restart and an overload become
 * `waiting`; what no attempt would change fails with a `CloseError`, and refused credentials with one of kind
 * `auth`. A handshake that fails is a `WireError` of kind `network` and is tried again: browsers hide why it did.
 * Unsubscribing closes with 1000.
 *
 * @param url Where the server is, or a function that says so for each attempt. Relative urls and those of HTTP
 *   are taken, too.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```ts
 * import { createOutbox, fromWebSocket, messages } from 'rxwire'
 *
 * const outbox = createOutbox<{ say: string }>()
 * fromWebSocket<{ said: string }, { say: string }>('/chat', { decode: JSON.parse, outgoing: outbox })
 *   .pipe(messages())
 *   .subscribe(({ said }) => console.info(said))
 * await outbox.send({ say: 'hello' })
 * ```
 */
export function fromWebSocket<T extends string | Blob = string | Blob, C = never>(
  url: Provider<string | URL>,
  options: WebSocketOptions<T, C> & { readonly binaryType: 'blob'; readonly decode?: undefined },
): Wire<string | Blob>
export function fromWebSocket<T extends string | ArrayBuffer = string | ArrayBuffer, C = never>(
  url: Provider<string | URL>,
  options?: WebSocketOptions<T, C> & { readonly binaryType?: 'arraybuffer'; readonly decode?: undefined },
): Wire<string | ArrayBuffer>
export function fromWebSocket<T, C = never>(
  url: Provider<string | URL>,
  options: WebSocketOptions<T, C> & { readonly decode: WebSocketDecode<T> },
): Wire<T>
export function fromWebSocket<T, C>(url: Provider<string | URL>, options: WebSocketOptions<T, C> = {}): Wire<T> {
  requireWebSocketOptions(url, options)
  const { closeCodes, burst, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const wire = createWire<T>(
    () => {
      const readFrame = frameReader(options)
      return (attempt) => connectSocket(url, options, readFrame, attempt)
    },
    {
      ...streamPolicy(options.reconnect),
      connectTimeoutMs,
      resumeFrom: options.resumeFrom,
      isAboutCredentials: (error) =>
        isAboutCredentials(error) ||
        (error instanceof CloseError && error.code !== undefined && closeVerdict(error.code, closeCodes) === 'refresh'),
    },
  )
  return burst === undefined ? wire : wire.pipe(limitBurst(burst))
}

/** Opens the socket of one attempt. */
async function connectSocket<T, C>(
  url: Provider<string | URL>,
  options: WebSocketOptions<T, C>,
  readFrame: ReadFrame<T>,
  attempt: Attempt<T>,
): Promise<void> {
  const context = freezeContext(attempt)
  const [target, protocols] = await Promise.all([
    provide('url', url, context),
    provide('protocols', options.protocols ?? [], context),
  ])
  // The subscriber may have unsubscribed while the providers ran.
  attempt.signal.throwIfAborted()
  const offered = typeof protocols === 'string' ? [protocols] : [...protocols]
  const socket = openSocket(target, offered, options)
  socket.binaryType = options.binaryType ?? 'arraybuffer'
  const session = new SocketSession(socket, offered, options, readFrame, attempt)
  if (options.heartbeat !== undefined) attempt.onProbe(() => session.probe())
}

function openSocket<T, C>(target: string | URL, protocols: string[], options: WebSocketOptions<T, C>): WebSocketLike {
  const Socket = webSocket(options)
  if (Socket === undefined) throw new WireError('network', 'This host has no WebSocket. Bring one with the option.')
  const href = parseOrFail('url', () => webSocketUrl(target))
  return parseOrFail('url or protocols', () => new Socket(href, protocols))
}

/** Hosts of some years ago do not take relative urls, nor those of HTTP. */
function webSocketUrl(target: string | URL): string {
  const url = new URL(target, baseUrl())
  if (url.protocol.startsWith('http')) url.protocol = url.protocol.replace('http', 'ws')
  // [spec] A fragment means nothing to a server, and was an error once.
  url.hash = ''
  return url.href
}
