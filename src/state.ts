import { requireEvent, type WireError } from './errors.ts'
import type { ParkReason, WireClose, WireEvent, WireMessage, WireProgress } from './wire.ts'

/** The state of a wire: the connection and, independent of it, the received data. */
export interface WireState<D> {
  readonly connection: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed' | 'failed'
  /** The number of this attempt, or of the next one while `waiting`: 0 on the first, then the failures in a row. */
  readonly attempt: number
  /** When the next attempt is due, in milliseconds since the epoch; `undefined` unless `waiting`. */
  readonly retryAt: number | undefined
  /** How the wire ended; `undefined` unless `closed`. */
  readonly close: Omit<WireClose, 'type'> | undefined

  /** The data that the messages were folded into. */
  readonly data: D
  /** The last failure. It stays while waiting, and is cleared when the server responds. */
  readonly error: WireError | undefined
  /** Why the wire waits for the host instead of the server; `undefined` unless it does. */
  readonly parked: ParkReason | undefined
  /** How often messages were lost between two connections, as far as the server says so. */
  readonly gaps: number
  /** The last progress of each direction on this connection. */
  readonly progress: { readonly [Direction in WireProgress['direction']]?: Omit<WireProgress, 'type'> }
  /** The resume point: the id of the last message that had one. */
  readonly cursor: string | undefined
}

/** Adds a message to the data and returns the new data. It must be pure. */
export type Fold<T, D> = (data: D, message: T, event: WireMessage<T>) => D

/** Returns the state before the first event. */
export function idleState<D>(data: D): WireState<D> {
  return {
    connection: 'idle',
    attempt: 0,
    retryAt: undefined,
    close: undefined,
    data,
    error: undefined,
    parked: undefined,
    gaps: 0,
    progress: {},
    cursor: undefined,
  }
}

/**
 * Returns the state after an event. Pure: the clock is an argument, and is read only for `waiting`.
 *
 * @param initial The data to return to when the messages start over.
 */
export function reduceWire<T, D>(
  state: WireState<D>,
  event: WireEvent<T>,
  fold: Fold<T, D>,
  initial: D,
  wallClock: () => number,
): WireState<D> {
  switch (event?.type) {
    case 'message':
      return {
        ...state,
        // A message proves that the connection is open, even without an `open` event.
        connection: 'open',
        error: undefined,
        parked: undefined,
        data: fold(state.data, event.data, event),
        cursor: event.id ?? state.cursor,
      }
    case 'progress': {
      const { type: _, ...progress } = event
      return { ...state, progress: { ...state.progress, [event.direction]: progress } }
    }
    case 'connecting':
      return {
        ...state,
        connection: 'connecting',
        attempt: event.attempt,
        retryAt: undefined,
        parked: undefined,
        close: undefined,
        progress: {},
      }
    case 'open': {
      const { continuity } = event
      return {
        ...state,
        connection: 'open',
        error: undefined,
        data: continuity === 'reset' ? initial : state.data,
        cursor: continuity === 'reset' ? undefined : state.cursor,
        gaps: continuity === 'gap' ? state.gaps + 1 : state.gaps,
      }
    }
    case 'waiting':
      return {
        ...state,
        connection: 'waiting',
        attempt: event.attempt,
        retryAt: wallClock() + event.delayMs,
        error: typeof event.cause === 'string' ? state.error : event.cause,
        parked: typeof event.cause === 'string' && event.cause !== 'rotated' ? event.cause : undefined,
      }
    case 'close': {
      const { type: _, ...close } = event
      // The server has said that it is done, so an earlier failure does not matter any more.
      return { ...state, connection: 'closed', error: undefined, close }
    }
    default:
      requireEvent('A fold', event)
      return state
  }
}

/** Returns the state after the wire has completed, with or without a `close` event. */
export function completedState<D>(state: WireState<D>): WireState<D> {
  if (state.connection === 'closed') return state
  return {
    ...state,
    connection: 'closed',
    retryAt: undefined,
    parked: undefined,
    error: undefined,
    close: { wasClean: true },
  }
}

/** Returns the state after the connection was released. The state of a wire that has ended does not change. */
export function pausedState<D>(state: WireState<D>): WireState<D> {
  if (state.connection === 'closed' || state.connection === 'failed') return state
  return { ...state, connection: 'idle', attempt: 0, retryAt: undefined, parked: undefined }
}

/** Returns the state after the wire has failed. The data stays. */
export function failedState<D>(state: WireState<D>, error: WireError): WireState<D> {
  return { ...state, connection: 'failed', retryAt: undefined, parked: undefined, error }
}
