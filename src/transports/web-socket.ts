import { CloseError } from '../errors.ts'
import type { Provider } from '../http/provider.ts'
import { limitBurst } from '../operators/limit-burst.ts'
import { closeVerdict } from '../policy/close-code.ts'
import { isAboutCredentials } from '../policy/credentials.ts'
import { type AttemptSession, reconnectingEach } from '../reconnecting.ts'
import type { Wire } from '../wire.ts'
import { socketAttempt } from './web-socket/attempt.ts'
import { frameReader } from './web-socket/incoming.ts'
import { requireWebSocketOptions, type WebSocketDecode, type WebSocketOptions } from './web-socket/options.ts'

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
  const { closeCodes, initialCursor, burst, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const policy = options.reconnect === false ? { maxRetries: 0 } : options.reconnect
  const begin = () => {
    const readFrame = frameReader(options)
    return (session: AttemptSession) => socketAttempt(url, options, readFrame, session)
  }
  const wire = reconnectingEach(begin, {
    ...policy,
    connectTimeoutMs,
    cursor: initialCursor,
    isAboutCredentials: (error) =>
      isAboutCredentials(error) ||
      (error instanceof CloseError && error.code !== undefined && closeVerdict(error.code, closeCodes) === 'refresh'),
  })
  return burst === undefined ? wire : wire.pipe(limitBurst(burst))
}
