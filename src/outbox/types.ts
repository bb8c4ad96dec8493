import type { Observable } from 'rxjs'
import type { SocketFrame } from '../socket-frame.ts'
import type { FeedOptions, FeedSource, OutboxCounts, SendOptions } from './options.ts'
import type { CreateGate } from './send-gate.ts'

/** An open connection that an outbox sends over. A transport creates one per attempt. */
export interface OutboxLink<C> {
  /** Whether it accepts another message now: it is open, and below its high-water mark. */
  readonly isWritable: boolean
  /** Bytes that are buffered and not yet sent. */
  readonly bufferedBytes: number
  /**
   * Sends a message. Throws only if the message itself is invalid. A link that passes messages on, for example to another
   * tab, returns a promise: it resolves when the message was passed to a socket, and rejects if it will not be.
   *
   * @param frame The message in the default encoding, if the outbox has it. For links without an encoding of their own.
   */
  write(message: C, frame?: SocketFrame): void | Promise<void>
}

/** The attachment of a link to an outbox. */
export interface OutboxAttachment<I> {
  /** The link has drained: the outbox may send the next messages. */
  drained(): void
  /** A message was received, which may acknowledge a sent one. */
  readonly received: (incoming: I) => void
  /** The connection is closed. Messages that were not acknowledged are queued again, before all others. */
  detach(): void
}

/** A bounded queue of outgoing messages. It outlives connections, and reports the outcome of each message. */
export interface Outbox<C, I = unknown> {
  /**
   * Sends a message, now or when there is a connection. The promise resolves when the message was passed to the socket
   * below its high-water mark. Only `acknowledge` tells whether the message has arrived.
   *
   * The promise rejects with a `WireError` of kind `overflow` (no room, or dropped for another message), `timeout`
   * (`ttlMs`) or `closed` (`clear`), with the signal's reason, or with a `TypeError` if the message cannot be encoded
   * or measured. It need not be awaited: only a message that is rejected at the call is an unhandled rejection.
   */
  send(message: C, options?: SendOptions): Promise<void>
  /**
   * Sends all messages of a source, and resolves when the last was passed to the socket.
   *
   * An async iterable or a `ReadableStream` is pulled one message at a time, only while there is room, so no overflow
   * drops its messages. If one of them is rejected, the source is cancelled. An Observable cannot pause: its messages
   * may be dropped like those of `send`, and the counts show how many. With `overflow: 'reject'`, the first message
   * without room ends the feed.
   */
  feed(source: FeedSource<C>, options?: FeedOptions): Promise<void>
  /** Emits the counts, now and on each change. */
  readonly counts: Observable<OutboxCounts>
  /** The current counts. */
  getCounts(): OutboxCounts
  /** Drops all messages that are queued or in flight. Each `send` rejects with kind `closed`. */
  clear(): void
  /**
   * For transports: sends over this link until it is detached. Of several links, the one that was attached first is
   * used. After it is detached, the next one takes over.
   */
  attach(link: OutboxLink<C>): OutboxAttachment<I>
  /** @internal What a socket sends through, so that its buffer stays short. */
  readonly createGate: CreateGate
}
