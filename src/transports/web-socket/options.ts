import type { AttemptContext } from '../../attempt.ts'
import {
  type BadMessagePolicy,
  type Decode,
  requireBadMessagePolicy,
  requireDecode,
} from '../../decoders/decode-message.ts'
import type { LimitBurstOptions } from '../../operators/limit-burst.ts'
import type { Outbox } from '../../outbox/types.ts'
import type { Implementations } from '../../platform/globals.ts'
import { baseUrl } from '../../platform/globals.ts'
import { type CloseCodes, requireCloseCodes } from '../../policy/close-code.ts'
import type { ReconnectPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import { isSchema } from '../../schema.ts'
import type { Encode, SocketFrame } from '../../socket-frame.ts'
import { requireFunction, requireNonNegative, requireOneOf, requirePositive, requireUrl } from '../../validate.ts'

/** What comes in before it is decoded: text, or binary in the form that `binaryType` says. */
export type WebSocketData = string | ArrayBuffer | Blob

/** A decoder may be written for text alone, or for binary alone; what else comes in is a bad message then. */
export type WebSocketDecode<T> = Decode<WebSocketData, T> | { decode(data: WebSocketData): T }['decode']

/** How a half-open connection is found: browsers neither send ping frames nor show them. */
export interface HeartbeatOptions<T> {
  /** Makes a ping, in the words of the server. */
  readonly ping: () => SocketFrame
  /** Whether a message answers a ping. Such a message becomes `progress`. Default: none does, all are delivered. */
  readonly isPong?: ((message: T) => boolean) | undefined
  /**
   * How often a ping is sent, in milliseconds. Default 25,000: below the minute after which most proxies cut an
   * idle connection. When the machine has slept, one is sent at once.
   */
  readonly everyMs?: number | undefined
  /**
   * How long after a ping anything must have come in, in milliseconds, or the connection is replaced. Default
   * 10,000. A backlog that keeps draining counts as life, too.
   */
  readonly timeoutMs?: number | undefined
}

/** Options of `fromWebSocket`. */
export interface WebSocketOptions<T, C = never> extends Pick<Implementations, 'WebSocket'> {
  /** The subprotocols to offer, or a function that names them for each attempt. The chosen one is in `open`. */
  readonly protocols?: Provider<string | readonly string[]> | undefined
  /** How binary comes in: `'arraybuffer'` (the default) or `'blob'`. */
  readonly binaryType?: BinaryType | undefined
  /**
   * Turns what came in into a message: a function such as `JSON.parse`, or a synchronous Standard Schema, which
   * is given text parsed as JSON and binary as it is. Default: as it came.
   */
  readonly decode?: WebSocketDecode<T> | undefined
  /** What becomes of a message that cannot be decoded. Default `'skip'`: one bad frame does not end a live wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /** Bounds what a burst may hand on within one frame, and names what happens to the rest. Default: no bound, no loss. */
  readonly burst?: LimitBurstOptions<T> | undefined

  /** The id of a message, where a later connection may resume after it; `undefined` for one that is no such place. */
  readonly idOf?: ((message: T) => string | undefined) | undefined
  /** Where the first attempt resumes. Default: at the beginning. */
  readonly resumeFrom?: string | undefined
  /** The frames to send first on each connection, before any of the outbox: who this is, where to resume. */
  readonly sendOnOpen?:
    | ((context: AttemptContext) => Iterable<SocketFrame> | Promise<Iterable<SocketFrame>>)
    | undefined

  /** What is to be sent. It outlives connections. */
  readonly outgoing?: Outbox<C, T> | undefined
  /** Turns a message of the outbox into a frame. Default: text and binary as they are, anything else as JSON. */
  readonly encode?: Encode<C> | undefined
  /** With this many bytes buffered in the socket, the outbox waits. Default 262,144. */
  readonly highWaterBytes?: number | undefined
  /** With no more than this many left, it goes on. Default 65,536, or a quarter of `highWaterBytes`. */
  readonly lowWaterBytes?: number | undefined

  /** Keeps the connection alive and finds out when it is not. Default: none, since there is no ping that every server knows. */
  readonly heartbeat?: HeartbeatOptions<T> | undefined
  /** What close codes mean, where it differs from the table: `{ 4001: 'fail', 4002: 'refresh' }`. */
  readonly closeCodes?: CloseCodes | undefined
  /**
   * How long the handshake may take, in milliseconds. Default 10,000, growing to 20,000 with failures: browsers
   * hold back hosts that failed, and a shorter limit would never get through.
   */
  readonly connectTimeoutMs?: number | undefined
  /** When to try again, how soon, and when to stop; `false` never tries again. */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

const HIGH_WATER_BYTES = 262_144

/** The marks between which the socket's buffer is kept. */
export function waterMarks<T, C>(options: WebSocketOptions<T, C>): { highBytes: number; lowBytes: number } {
  const highBytes = options.highWaterBytes ?? HIGH_WATER_BYTES
  return { highBytes, lowBytes: options.lowWaterBytes ?? highBytes / 4 }
}

export function requireWebSocketOptions<T, C>(url: unknown, options: WebSocketOptions<T, C>): void {
  requireUrl('url', url, baseUrl())
  requireProtocols(options.protocols)
  requireOneOf('binaryType', options.binaryType, ['arraybuffer', 'blob'])
  if (options.decode !== undefined) requireDecode(options.decode)
  requireBadMessagePolicy(options.onBadMessage)
  requireFunction('idOf', options.idOf)
  requireFunction('sendOnOpen', options.sendOnOpen)
  if (options.outgoing !== undefined && typeof options.outgoing.attach !== 'function') {
    throw new TypeError('outgoing must be an outbox')
  }
  if (!isSchema(options.encode)) requireFunction('encode', options.encode)
  requirePositive('highWaterBytes', options.highWaterBytes)
  requireNonNegative('lowWaterBytes', options.lowWaterBytes)
  const { highBytes, lowBytes } = waterMarks(options)
  if (lowBytes > highBytes) throw new TypeError('lowWaterBytes must not be above highWaterBytes')
  if (options.heartbeat !== undefined) requireHeartbeat(options.heartbeat)
  requireCloseCodes(options.closeCodes)
}

function requireHeartbeat<T>({ ping, isPong, everyMs, timeoutMs }: HeartbeatOptions<T>): void {
  if (typeof ping !== 'function') throw new TypeError('heartbeat: ping must be a function')
  requireFunction('heartbeat: isPong', isPong)
  requirePositive('heartbeat: everyMs', everyMs)
  requirePositive('heartbeat: timeoutMs', timeoutMs)
}

function requireProtocols(protocols: unknown): void {
  if (protocols === undefined || typeof protocols === 'function') return
  const names: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocols]
  // [spec] RFC 6455 §4.1: tokens, each of them once.
  const areTokens = names.every((name) => typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name))
  if (!areTokens || new Set(names).size < names.length)
    throw new TypeError('protocols must be tokens, each of them once')
}
