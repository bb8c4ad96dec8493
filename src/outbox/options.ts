import type { Observable } from 'rxjs'

/** What happens to a message if the outbox is full. */
export type OverflowPolicy = 'reject' | 'drop-oldest' | 'drop-newest' | 'conflate'

/** Options of `createOutbox`. */
export interface OutboxOptions<C, I = unknown> {
  /** The maximum number of messages, including those in flight. Default 1,000. */
  readonly capacity?: number | undefined
  /** The maximum number of bytes, including those in flight. Default 8 MiB. */
  readonly capacityBytes?: number | undefined
  /**
   * Returns the size of a message in bytes. Default: of text as UTF-8, of binary data as it is, of anything else as
   * JSON. Set it for messages with another encoding, or if encoding each message as JSON is too slow.
   */
  readonly sizeOf?: ((message: C) => number) | undefined
  /**
   * What happens to a message if the outbox is full. Default `'reject'`.
   * - `'reject'`: its `send` rejects. For commands.
   * - `'drop-oldest'`: the oldest queued messages are dropped to make room.
   * - `'drop-newest'`: it is dropped. Its `send` rejects, which is not an unhandled rejection if nothing awaits it.
   * - `'conflate'`: it replaces a queued message with the same `conflateBy`, even if there is room. For positions and
   *   levels, of which only the last one counts. If the outbox is full and has no such message, its `send` rejects.
   */
  readonly overflow?: OverflowPolicy | undefined
  /** Returns the topic of a message, for `'conflate'`. Default: none. */
  readonly conflateBy?: ((message: C) => unknown) | undefined
  /** How long a message may be queued, in milliseconds. Default: no limit. */
  readonly ttlMs?: number | undefined
  /**
   * Returns the id of a message, by which it is acknowledged. It must be unique among the messages in the outbox.
   * Default: none.
   */
  readonly idOf?: ((message: C) => string) | undefined
  /**
   * Returns the id that a received message acknowledges, or `undefined`. With this option, a message is kept until it
   * is acknowledged, and is sent again after a reconnect: it arrives at least once, and the server recognizes repeats
   * by their id. Needs `idOf`. Default: messages are not acknowledged.
   */
  readonly acknowledge?: ((incoming: I) => string | undefined) | undefined
  /**
   * How long a message that was sent may wait for its acknowledgement while the connection is open, in milliseconds.
   * Then it is dropped, and its `send` rejects with kind `timeout`: it may have arrived. Default: no limit.
   */
  readonly acknowledgeTimeoutMs?: number | undefined
  /**
   * How often a message may be sent. A message that was sent this often without an acknowledgement is dropped when its
   * connection ends, because it may be the reason: its `send` rejects with kind `closed`. Default: no limit.
   */
  readonly maxDeliveries?: number | undefined
}

/** Options of one `send`. */
export interface SendOptions {
  /**
   * Withdraws the message while `send` is pending, and rejects `send` with the reason of the signal. With
   * `until: 'acknowledged'`, that includes a message in flight, which may still arrive. Default: none.
   */
  readonly signal?: AbortSignal | undefined
  /** How long this message may be queued, in milliseconds. Default: the `ttlMs` of the outbox. */
  readonly ttlMs?: number | undefined
  /**
   * What `send` waits for. Default `'sent'`: passed to the socket. `'acknowledged'` needs an outbox with `acknowledge`.
   */
  readonly until?: 'sent' | 'acknowledged' | undefined
}

/** Options of `feed`. */
export interface FeedOptions {
  /** Ends the feed: cancels the source, and withdraws its messages from the outbox. Default: none. */
  readonly signal?: AbortSignal | undefined
}

/** The source of a feed. The first two are pulled, the last one pushes. */
export type FeedSource<C> = AsyncIterable<C> | ReadableStream<C> | Observable<C>

/** The counts of an outbox. */
export interface OutboxCounts {
  /** Messages that wait to be sent. */
  readonly queued: number
  /** Their bytes. */
  readonly queuedBytes: number
  /** Messages that were sent so far, including repeats after a reconnect. */
  readonly sent: number
  /**
   * Messages that were dropped so far: no room, replaced, expired, not acknowledged, not encodable, or cleared. Withdrawn
   * messages do not count.
   */
  readonly dropped: number
  /** Messages that were sent and not yet acknowledged; 0 without `acknowledge`. */
  readonly inFlight: number
  /** Bytes that are buffered in the socket (`bufferedAmount`). */
  readonly buffered: number
}
