import type { Observable } from 'rxjs'
import type { FeedOptions, FeedSource, OutboxCounts, SendOptions } from './options.ts'

/** What an outbox delivers to: one open connection. A transport makes one for each attempt. */
export interface OutboxLink<C> {
  /** Whether it takes another message now: it is open, and below its high-water mark. */
  readonly isWritable: boolean
  /** Bytes that it has taken and not yet sent. */
  readonly bufferedBytes: number
  /** Takes a message. What it throws is the message's fault. */
  write(message: C): void
}

/** A link's hold on the outbox. */
export interface OutboxAttachment<I> {
  /** The link has sent some of what it had: the next messages may come. */
  drained(): void
  /** Something came in, and may acknowledge what went out. */
  readonly received: (incoming: I) => void
  /** The connection is gone. What was not acknowledged waits again, in front of all others. */
  detach(): void
}

/** Messages on their way out. It outlives connections, is bounded, and tells what became of each. */
export interface Outbox<C, I = unknown> {
  /**
   * Sends a message, now or when there is a connection. The promise resolves when the message was handed to the
   * socket, below its high-water mark: what the network does with it then, only `acknowledge` tells. It rejects
   * with a `WireError` of kind `overflow` (no room, or it had to make room), `timeout` (`ttlMs`) or `closed`
   * (`clear`), with the signal's reason, or with a `TypeError` if the message cannot be encoded or measured.
   * Nobody has to await it: only a message that was refused at the door is an unhandled rejection then.
   */
  send(message: C, options?: SendOptions): Promise<void>
  /**
   * Sends all that comes from a source, and resolves when the last of it was handed over. An async iterable or
   * a `ReadableStream` is pulled one message at a time and only while there is room, so nothing of it is ever
   * dropped; if it cannot go on, it is cancelled. An Observable cannot be held back: its messages are lost as those
   * of `send` are, and the counts tell; with `overflow: 'reject'`, the first one without room ends the feed.
   */
  feed(source: FeedSource<C>, options?: FeedOptions): Promise<void>
  /** What is where, now and with each change. */
  readonly counts: Observable<OutboxCounts>
  /** What is where, now. */
  getCounts(): OutboxCounts
  /** Gives up all that is waiting or in flight: each `send` rejects with kind `closed`. */
  clear(): void
  /**
   * For transports: delivers over this link until it is detached. With several links, the one that came first
   * is used; the others wait for their turn.
   */
  attach(link: OutboxLink<C>): OutboxAttachment<I>
}
