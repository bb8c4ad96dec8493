import type { Observable } from 'rxjs'
import type { WireError } from './errors.ts'

/**
 * A connection to a server that has not been made yet: one subscription is one connection, unsubscribing
 * ends it at once. It errors with a {@link WireError} and completes when the other side said that it is done.
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

/** What can happen on a wire. Six members, closed: a seventh would be a new major version. */
export type WireEvent<T> = WireConnecting | WireOpen | WireProgress | WireMessage<T> | WireWaiting | WireClose

/** An attempt begins. `attempt` counts the failures in a row before it: 0 on the first. */
export interface WireConnecting {
  readonly type: 'connecting'
  readonly attempt: number
}

/** The other side answered: response headers, or a finished handshake. */
export interface WireOpen {
  readonly type: 'open'
  readonly status?: number
  readonly headers?: Headers
  readonly protocol?: string
}

/** Bytes moved without completing a message: a transfer in flight, or a heartbeat. */
export interface WireProgress {
  readonly type: 'progress'
  readonly direction: 'upload' | 'download'
  /** Bytes so far on this connection. */
  readonly loaded: number
  /** Bytes in all, only where it is honestly known. */
  readonly total?: number
  /** Bytes that the other side has confirmed, where it does so: what a cut cannot take back. */
  readonly acknowledged?: number
}

/** One message. */
export interface WireMessage<T> {
  readonly type: 'message'
  readonly data: T
  /** Where to resume after this message. */
  readonly id?: string
  /** The event name of a Server-Sent Event; absent for the default `message`. */
  readonly name?: string
}

/**
 * The engine will try again, `delayMs` from now or earlier if it is hurried. Parked until the page is shown, it looks
 * again then whether the page still is hidden.
 */
export interface WireWaiting {
  readonly type: 'waiting'
  /** The number of the attempt to come. */
  readonly attempt: number
  readonly delayMs: number
  readonly cause: WireError | ParkReason
}

/** The last event of a wire that ended well; `complete` follows. */
export interface WireClose {
  readonly type: 'close'
  readonly code?: number
  readonly reason?: string
  readonly wasClean: boolean
}

/**
 * Why the engine waits although nothing new has failed: the host says that there is no network, or the page is in the
 * background: hidden, frozen, or left and kept by the browser for the way back.
 */
export type ParkReason = 'offline' | 'hidden'
