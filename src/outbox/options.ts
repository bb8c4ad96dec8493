import type { Observable } from 'rxjs'
import { requireFunction, requireNonNegative, requireOneOf, requirePositive } from '../validate.ts'

/** What happens to a message for which there is no room. */
export type OverflowPolicy = 'reject' | 'drop-oldest' | 'drop-newest' | 'conflate'

/** Options of `createOutbox`. */
export interface OutboxOptions<C, I = unknown> {
  /** How many messages it holds, those in flight included. Default 1,000. */
  readonly capacity?: number | undefined
  /** How many bytes it holds, those in flight included. Default 8 MiB. */
  readonly capacityBytes?: number | undefined
  /**
   * The size of a message in bytes. Default: that of text as UTF-8, of binary as it is, and of anything else as
   * JSON. Give it where messages have an encoding of their own, or where making JSON of each costs too much.
   */
  readonly sizeOf?: ((message: C) => number) | undefined
  /**
   * What happens to a message for which there is no room. Default `'reject'`.
   * - `'reject'`: its `send` rejects: right for commands
   * - `'drop-oldest'`: those that have waited longest make room
   * - `'drop-newest'`: it is dropped, and a `send` that nobody awaits is no unhandled rejection
   * - `'conflate'`: with or without room, it takes the place of a waiting one with the same `conflateBy`: right
   *   for positions and levels, of which only the last counts. What finds neither place nor room is rejected
   */
  readonly overflow?: OverflowPolicy | undefined
  /** What a message is about, for `'conflate'`. */
  readonly conflateBy?: ((message: C) => unknown) | undefined
  /** How long a message may wait to be handed over, in milliseconds. Default: for ever. */
  readonly ttlMs?: number | undefined
  /** The id of a message, by which it is acknowledged. No two that are on their way may share one. */
  readonly idOf?: ((message: C) => string) | undefined
  /**
   * The id that an incoming message acknowledges, if it does. With this, a message stays until it is
   * acknowledged and is handed over again after a reconnect: it arrives at least once, and the server tells
   * repeats by their id. Needs `idOf`.
   */
  readonly acknowledge?: ((incoming: I) => string | undefined) | undefined
}

/** Options of one `send`. */
export interface SendOptions {
  /** Takes the message back out, if it is still there; `send` rejects with the reason. */
  readonly signal?: AbortSignal | undefined
  /** How long this message may wait to be handed over, in milliseconds. Default: that of the outbox. */
  readonly ttlMs?: number | undefined
  /** What `send` waits for. Default `'sent'`: handed over. `'acknowledged'` needs an outbox that knows of it. */
  readonly until?: 'sent' | 'acknowledged' | undefined
}

/** Options of `feed`. */
export interface FeedOptions {
  /** Ends the feed: the source is left, what it has in the outbox is taken back out. */
  readonly signal?: AbortSignal | undefined
}

/** Where a feed comes from. The first two are pulled, the last one pushes. */
export type FeedSource<C> = AsyncIterable<C> | ReadableStream<C> | Observable<C>

/** What is where. */
export interface OutboxCounts {
  /** Messages that wait to be handed over. */
  readonly queued: number
  /** Their bytes. */
  readonly queuedBytes: number
  /** Messages that were handed over so far, repeats after a reconnect included. */
  readonly sent: number
  /** Messages that were lost so far: no room, too late, not to be encoded, or cleared. What was taken back is not. */
  readonly dropped: number
  /** Messages that were handed over and not yet acknowledged; 0 without `acknowledge`. */
  readonly inFlight: number
  /** Bytes that the socket has taken and not yet sent (`bufferedAmount`). */
  readonly buffered: number
}

export function requireOutboxOptions<C, I>(options: OutboxOptions<C, I>): void {
  requirePositive('outbox: capacity', options.capacity)
  requirePositive('outbox: capacityBytes', options.capacityBytes)
  requireNonNegative('outbox: ttlMs', options.ttlMs)
  requireOneOf('outbox: overflow', options.overflow, ['reject', 'drop-oldest', 'drop-newest', 'conflate'])
  requireFunction('outbox: sizeOf', options.sizeOf)
  requireFunction('outbox: conflateBy', options.conflateBy)
  requireFunction('outbox: idOf', options.idOf)
  requireFunction('outbox: acknowledge', options.acknowledge)
  if ((options.overflow === 'conflate') !== (options.conflateBy !== undefined)) {
    throw new TypeError("outbox: overflow 'conflate' and conflateBy must be given together")
  }
  if (options.acknowledge !== undefined && options.idOf === undefined) {
    throw new TypeError('outbox: acknowledge needs idOf')
  }
}
