import type { WireError } from './errors.ts'
import type { WireClose, WireEvent, WireMessage, WireProgress } from './wire.ts'

/** What a wire looks like from outside: how the connection is, and, apart from it, what has arrived. */
export interface WireState<D> {
  readonly connection: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed' | 'failed'
  /** The number of this attempt, or while `waiting` of the coming one: 0 on the first, then failures in a row. */
  readonly attempt: number
  /** When the next attempt is due, in milliseconds since the epoch; only while `waiting`. */
  readonly retryAt: number | undefined
  /** How the wire ended; only while `closed`. */
  readonly close: Omit<WireClose, 'type'> | undefined

  /** The messages, folded. */
  readonly data: D
  /** The last failure. It stays readable while waiting and goes when the other side answers. */
  readonly error: WireError | undefined
  /** The last progress of each direction on this connection. */
  readonly progress: { readonly [Direction in WireProgress['direction']]?: Omit<WireProgress, 'type'> }
  /** Where to resume: the id of the last message that had one. */
  readonly cursor: string | undefined
}

/** Takes a message into the data. Pure: the same data and message give the same result. */
export type Fold<T, D> = (data: D, message: T, event: WireMessage<T>) => D

/** The state before anything has happened. */
export function idleState<D>(data: D): WireState<D> {
  return {
    connection: 'idle',
    attempt: 0,
    retryAt: undefined,
    close: undefined,
    data,
    error: undefined,
    progress: {},
    cursor: undefined,
  }
}

/** The one reducer. Pure: the clock comes in as an argument, and is looked at only where it matters. */
export function reduceWire<T, D>(
  state: WireState<D>,
  event: WireEvent<T>,
  fold: Fold<T, D>,
  now: () => number,
): WireState<D> {
  switch (event.type) {
    case 'message':
      return {
        ...state,
        // Whoever sends has answered, also if no event said so.
        connection: 'open',
        error: undefined,
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
        close: undefined,
        progress: {},
      }
    case 'open':
      return { ...state, connection: 'open', error: undefined }
    case 'waiting':
      return {
        ...state,
        connection: 'waiting',
        attempt: event.attempt,
        retryAt: now() + event.delayMs,
        error: typeof event.cause === 'string' ? state.error : event.cause,
      }
    case 'close': {
      const { type: _, ...close } = event
      return { ...state, connection: 'closed', close }
    }
  }
}

/** The state after the wire has completed, also if it was ended by something that says no `close`. */
export function completedState<D>(state: WireState<D>): WireState<D> {
  if (state.connection === 'closed') return state
  return { ...state, connection: 'closed', retryAt: undefined, close: { wasClean: true } }
}

/** The state after the wire was let go for a while. One that has ended stays as it ended. */
export function pausedState<D>(state: WireState<D>): WireState<D> {
  if (state.connection === 'closed' || state.connection === 'failed') return state
  return { ...state, connection: 'idle', attempt: 0, retryAt: undefined }
}

/** The state after the wire has failed. The data stays. */
export function failedState<D>(state: WireState<D>, error: WireError): WireState<D> {
  return { ...state, connection: 'failed', retryAt: undefined, error }
}
