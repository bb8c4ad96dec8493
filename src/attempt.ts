import type { WireError } from './errors.ts'
import type { WireClose, WireEvent, WireMessage, WireOpen, WireProgress } from './wire.ts'
import type { SourceMemory } from './wire-memory.ts'

/** What is known when an attempt starts. The functions that provide a url, headers or a body receive it. */
export interface AttemptContext {
  /** How many attempts in a row failed before this one: 0 on the first. */
  readonly attempt: number
  /** Where to resume: the id of the last message that had one, or `resumeFrom`. `undefined`: from the start. */
  readonly cursor: string | undefined
  /** Why the previous attempt ended; `undefined` on the first. */
  readonly cause: WireError | undefined
}

/**
 * One attempt to connect. A transport is a function of it: it opens a connection, reports what happens, and closes the
 * connection when `signal` is aborted. Calls after the end of the attempt are ignored.
 */
export interface Attempt<T> extends AttemptContext {
  /** Aborted when the subscriber has left, and when the attempt has ended or was replaced. */
  readonly signal: AbortSignal
  /** Where to resume now. It moves with every message that has an id. */
  readonly cursor: string | undefined
  /** The last message that this wire delivered, on any attempt. */
  readonly last: WireMessage<T> | undefined
  /** @internal What the consumer has learned of this wire. `inner` is for a wire that the attempt subscribes to. */
  readonly memory: SourceMemory

  /** Emits `open`: the server has responded. */
  open(info?: Omit<WireOpen, 'type'>): void
  /** Emits `progress`. Sizes are in bytes. */
  progress(direction: WireProgress['direction'], loaded: number, total?: number, acknowledged?: number): void
  /** Emits `message`. An `id` becomes the resume point. */
  message(data: T, id?: string, name?: string): void
  /** Emits `close`, then completes: the server has said that it is done. */
  close(info: Omit<WireClose, 'type'>): void
  /** Completes without `close`. */
  complete(): void
  /** Ends the attempt. The policy decides whether another one follows. */
  fail(error: WireError): void
  /** Emits an event of another wire unchanged. */
  event(event: WireEvent<T>): void

  /** Resolves when the consumer has room; `undefined` if it applies no backpressure. Ask before and between chunks. */
  ready(): Promise<void> | undefined
  /** Moves the resume point without a message; `undefined` forgets it. */
  moveCursor(cursor: string | undefined): void
  /**
   * Moves the resume point past messages that the server no longer has, and emits `open` with `continuity: 'gap'`. The
   * connection stays open.
   */
  gap(cursor?: string): void
  /** Sets the shortest delay, in milliseconds, before any further attempt on this wire: the server asked for it. */
  retryAfter(delayMs: number): void
  /**
   * Sets how to check that the connection is alive, for example after a sleep. The probe must lead to an event, or fail
   * the attempt. Without a probe, the engine waits for any event, for a limited time.
   */
  onProbe(probe: () => void): void
  /**
   * Marks the attempt as unsafe to repeat, because a message or a side effect could happen twice. From now on it is not
   * replaced, and its failure is not retryable. `shouldRetry` of the policy may overrule that.
   *
   * @param why Added to the message of that failure.
   */
  markUnrepeatable(why?: string): void
  /** Takes that back: the server can continue after the last message. */
  markRepeatable(): void
}

/** Makes one attempt. An error that it throws, or rejects with, ends the attempt. */
export type Connect<T> = (attempt: Attempt<T>) => void | Promise<void>
