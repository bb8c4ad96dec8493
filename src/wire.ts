import type { Observable } from 'rxjs'
import type { WireError } from './errors.ts'

/**
 * A cold Observable of the lifecycle events of a connection. Each subscription opens a connection, and unsubscribing
 * closes it at once. It errors with a {@link WireError}, and completes when the server has said that it is done.
 *
 * @example
 * ```ts
 * import { fromEventSource, messages, type Wire } from 'rxwire'
 *
 * const ticks: Wire<string> = fromEventSource('/ticks')
 * const subscription = ticks.pipe(messages()).subscribe((tick) => console.info(tick))
 * subscription.unsubscribe()
 * ```
 */
export type Wire<T> = Observable<WireEvent<T>>

/** The events of a wire. The union is closed: adding a member is a breaking change. */
export type WireEvent<T> = WireConnecting | WireOpen | WireProgress | WireMessage<T> | WireWaiting | WireClose

/** An attempt starts. `attempt` counts the failures in a row before it: 0 on the first. */
export interface WireConnecting {
  readonly type: 'connecting'
  readonly attempt: number
}

/**
 * The server has responded: with response headers, or a finished handshake. It is emitted again on the same connection,
 * with `continuity: 'gap'` only, when the server reports that it no longer has some messages.
 */
export interface WireOpen {
  readonly type: 'open'
  readonly status?: number
  readonly headers?: Headers
  readonly protocol?: string
  /**
   * How this connection continues the messages before it: `'resumed'`, nothing is missing; `'reset'`, the messages start
   * over; `'gap'`, messages were lost. Absent on the first connection, and if it is not known.
   */
  readonly continuity?: 'resumed' | 'reset' | 'gap'
}

/** Bytes were transferred without completing a message: a transfer in progress, or a heartbeat. */
export interface WireProgress {
  readonly type: 'progress'
  readonly direction: 'upload' | 'download'
  /** Bytes so far on this connection. */
  readonly loaded: number
  /** Total number of bytes; absent if it is not known. */
  readonly total?: number
  /** Bytes that the server has confirmed, which survive a lost connection; absent if it does not confirm any. */
  readonly acknowledged?: number
}

/** One message. */
export interface WireMessage<T> {
  readonly type: 'message'
  readonly data: T
  /** The id of this message, which becomes the resume point. */
  readonly id?: string
  /** The event name of a Server-Sent Event; absent for the default `message`. */
  readonly name?: string
}

/**
 * The engine reconnects in `delayMs`, or earlier if the network or the page comes back. With `whileHidden: 'wait'`, it
 * waits again if the page is still hidden then.
 */
export interface WireWaiting {
  readonly type: 'waiting'
  /** The number of the next attempt. */
  readonly attempt: number
  readonly delayMs: number
  /** The failure that ended the attempt, the reason of a pause, or `'rotated'`: the server ended a complete response. */
  readonly cause: WireError | ParkReason | 'rotated'
}

/** The last event of a wire that ended without a failure. `complete` follows. */
export interface WireClose {
  readonly type: 'close'
  readonly code?: number
  readonly reason?: string
  readonly wasClean: boolean
}

/**
 * Why the engine waits for the host: there is no network, the page is in the background (hidden, frozen, or in the
 * back/forward cache), or the page is being prerendered.
 */
export type ParkReason = 'offline' | 'hidden' | 'prerendering'
