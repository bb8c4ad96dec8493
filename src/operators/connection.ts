import { distinctUntilChanged, map, type OperatorFunction, pipe } from 'rxjs'
import type { WireState } from '../state.ts'
import type { WireEvent } from '../wire.ts'
import { foldWire } from './fold-wire.ts'

/** The state of the connection, without the received data. */
export type ConnectionState = Pick<WireState<unknown>, 'connection' | 'attempt' | 'retryAt' | 'close' | 'error'>

/**
 * Emits the state of the connection on each change. Like {@link foldWire}, it completes after `failed`.
 *
 * @example
 * ```ts
 * import { connection, fromEventSource } from 'rxwire'
 *
 * fromEventSource('/feed').pipe(connection()).subscribe((state) => console.info(state.connection))
 * ```
 */
export function connection<T>(): OperatorFunction<WireEvent<T>, ConnectionState> {
  return pipe(
    foldWire<T, undefined>(undefined, () => undefined),
    map(({ connection, attempt, retryAt, close, error }) => ({ connection, attempt, retryAt, close, error })),
    distinctUntilChanged(isSame),
  )
}

const fields = ['connection', 'attempt', 'retryAt', 'close', 'error'] as const

function isSame(a: ConnectionState, b: ConnectionState): boolean {
  return fields.every((field) => a[field] === b[field])
}
