import type { MonoTypeOperatorFunction } from 'rxjs'
import type { AttemptContext } from '../../attempt.ts'
import type { BadMessagePolicy, Decode } from '../../decoders/decode-message.ts'
import type { EndOptions } from '../../decoders/end-options.ts'
import type { WireError } from '../../errors.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { DecodeRequired } from '../../message-type.ts'
import type { CreateGate } from '../../outbox/send-gate.ts'
import type { Outbox } from '../../outbox/types.ts'
import type { Implementations } from '../../platform/globals.ts'
import type { CloseCodes } from '../../policy/close-code.ts'
import type { ReconnectPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Encode, SocketFrame } from '../../socket-frame.ts'
import type { WireEvent } from '../../wire.ts'

/** Received data before it is decoded: text, or binary data as `binaryType` says. */
export type WebSocketData = string | ArrayBuffer | Blob

/** A decoder may handle only text, or only binary data. Other data is then a bad message. It may return a promise. */
export type WebSocketDecode<T> =
  | Decode<WebSocketData, T | Promise<T>>
  | { decode(data: WebSocketData): T | Promise<T> }['decode']

/** What is received of a socket before it is decoded. */
export type SocketData<B extends BinaryType> = string | { readonly arraybuffer: ArrayBuffer; readonly blob: Blob }[B]

/** A decoder is missing: messages of another type than text and binary data need one, such as `json<Tick>()`. */
export type SocketDecoderRequired<T> =
  | { readonly createDecoder: () => FrameDecoder<T> }
  | DecodeRequired<WebSocketDecode<T>>

/** How the frames of one connection become messages. */
export interface FrameDecoder<T> {
  /** Returns the messages of one frame, before `decode`; an empty array for a part of one. Default: one message. */
  readonly messages?: ((frame: WebSocketData) => Iterable<unknown>) | undefined
  /**
   * Turns received data into a message: `json<Tick>()`, a function, or a synchronous Standard Schema, which receives text
   * as parsed JSON and binary data unchanged. Default: unchanged.
   *
   * A function may return a promise, for example to read a `Blob` or to decompress. Messages keep their order. The wire
   * fails with kind `overflow` if more than 1,000 frames or 8 MiB are pending. A promise that takes longer than 30 s is a
   * bad message.
   */
  readonly decode?: WebSocketDecode<T> | undefined
  /**
   * Whether a message says that the server no longer has the messages before it. It is not delivered: its id becomes the
   * resume point, and `open` is emitted with `continuity: 'gap'`. Default: none is.
   */
  readonly isGap?: ((message: T) => boolean) | undefined
  /**
   * Whether a message is only for the connection, such as a heartbeat of the server. It is not delivered: its id becomes
   * the resume point, and `progress` is emitted. Default: none is.
   */
  readonly isControl?: ((message: T) => boolean) | undefined
}

/** A heartbeat of a socket, such as {@link pingPong}. */
export interface SocketHeartbeat {
  /** The response to a ping, as received. */
  readonly pong?: string | ((data: WebSocketData) => boolean) | undefined
  /** @internal */
  readonly createGate: CreateGate
  /** @internal Starts when the socket is open. */
  readonly start: (target: HeartbeatTarget) => RunningHeartbeat
}

/** The connection that a heartbeat watches. */
interface HeartbeatTarget {
  send(frame: SocketFrame): void
  /** Whether the send buffer has drained since the last call. The ping may still be behind other frames in it. */
  hasDrained(): boolean
  /** Returns the address for messages. */
  address(): string
  /** The connection is dead. */
  lost(error: WireError): void
  fail(error: unknown): void
}

/** The heartbeat of one connection. */
export interface RunningHeartbeat {
  /** Something was received. */
  alive(): void
  /** Pings now and forgets earlier pings, whose responses may be lost. */
  probe(): void
  stop(): void
}

/** One frame or several. */
export type FirstFrames = SocketFrame | Iterable<SocketFrame> | undefined

/** Options of `fromWebSocket`. `M` is the type of the messages; without a decoder it is not `T`. */
export interface WebSocketOptions<T, C = never, B extends BinaryType = BinaryType, M = T>
  extends Pick<Implementations, 'WebSocket'>,
    EndOptions<M>,
    FrameDecoder<T>,
    Pick<RequestOptions, 'baseUrl' | 'credentialOrigins'> {
  /**
   * The subprotocols to offer, or a function that returns them for each attempt. The chosen one is in `open`. Default:
   * none.
   */
  readonly protocols?: Provider<string | readonly string[]> | undefined
  /** The type of binary data: `'arraybuffer'` (the default) or `'blob'`. */
  readonly binaryType?: B | undefined
  /**
   * Returns `messages` and `decode` for one connection, for a decoder with state: a message in several frames, or a
   * compression with a shared window. Default: `messages` and `decode` serve all connections.
   */
  readonly createDecoder?: (() => FrameDecoder<T>) | undefined
  /** What happens to a message that cannot be decoded. Default `'skip'`: one bad message does not end the wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /**
   * Limits the messages per animation frame: `limitBurst()` says how many, and what happens to the rest. Default: no
   * limit, none is dropped.
   */
  readonly burst?: MonoTypeOperatorFunction<WireEvent<NoInfer<M>>> | undefined

  /**
   * Returns the id of a message, after which a later connection can resume; `undefined` if it cannot. Default: no ids.
   */
  readonly idOf?: ((message: NoInfer<M>) => string | undefined) | undefined
  /** The id to resume after on the first attempt. Default: none. */
  readonly resumeFrom?: string | undefined
  /**
   * Returns what to send first on each connection, before the outbox: credentials, the resume point. One frame or
   * several. Default: none. The attempt fails if the promise takes longer than `connectTimeoutMs`.
   */
  readonly sendOnOpen?: ((context: AttemptContext) => FirstFrames | Promise<FirstFrames>) | undefined
  /**
   * The message after which queued messages may be sent, for servers that must acknowledge the first frames. Default:
   * none, they are sent after `sendOnOpen`.
   */
  readonly isReady?: ((message: NoInfer<M>) => boolean) | undefined

  /** The outbox to send from. It outlives connections. Default: none. */
  readonly outgoing?: Outbox<C, NoInfer<M>> | undefined
  /** Turns a message of the outbox into a frame. Default: text and binary data unchanged, anything else as JSON. */
  readonly encode?: Encode<C> | undefined
  /**
   * The outbox pauses when this many bytes are buffered in the socket. Default: what the link sends in about 20 ms,
   * between 65,536 and 4,194,304; 262,144 until that is measured.
   */
  readonly highWaterBytes?: number | undefined
  /** The outbox continues when at most this many are left. Default: a quarter of `highWaterBytes`. */
  readonly lowWaterBytes?: number | undefined

  /** Keeps the connection alive and detects a dead one. Default: none, because no ping works with every server. */
  readonly heartbeat?: SocketHeartbeat | undefined
  /**
   * How long the server may be silent before the connection is replaced, in milliseconds: for servers that send pings or
   * data by themselves. Default: no limit.
   */
  readonly stallTimeoutMs?: number | undefined
  /**
   * What close codes mean, where it differs from the table: `{ 4001: 'fail', 4002: 'refresh' }`, or a function of the
   * code and the reason that returns `undefined` for the table. Default: the table.
   */
  readonly closeCodes?: CloseCodes | undefined
  /**
   * How long the handshake may take, in milliseconds. Default 10,000, growing to 20,000 with failures: browsers delay
   * connections to hosts that failed, and a shorter limit would always expire.
   */
  readonly connectTimeoutMs?: number | undefined
  /**
   * When to reconnect, after which delay, and when to give up. `false` never reconnects.
   * Default: the defaults of `ReconnectPolicy`.
   */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

/** The default of `connectTimeoutMs`. */
export const CONNECT_TIMEOUT_MS = 10_000

/** @throws TypeError that shows no protocol: one of them may be a token. */
export function requireProtocols(protocols: unknown): void {
  if (protocols === undefined || typeof protocols === 'function') return
  const names: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocols]
  // [spec] RFC 6455 §4.1: tokens, each of them once.
  const areTokens = names.every((name) => typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name))
  if (!areTokens || new Set(names).size < names.length) throw new TypeError('protocols must be unique tokens')
}
