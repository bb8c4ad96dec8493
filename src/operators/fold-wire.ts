import type { OperatorFunction } from 'rxjs'
import { isWireError } from '../errors.ts'
import { wallClock } from '../platform/clock.ts'
import { completedState, type Fold, failedState, idleState, reduceWire, type WireState } from '../state.ts'
import type { WireEvent } from '../wire.ts'
import { operate } from './operate.ts'

/**
 * Folds a wire into its state, and emits one state per event. A failure is the state `failed` with its `error`, after
 * which the Observable completes.
 *
 * @param initial The data before the first message.
 * @param fold Adds a message to the data and returns the new data.
 *
 * @example
 * ```ts
 * import { foldWire, fromEventSource } from 'rxwire'
 *
 * fromEventSource('/words')
 *   .pipe(foldWire('', (text, word) => text + word))
 *   .subscribe(({ connection, data }) => console.info(connection, data))
 * ```
 */
export function foldWire<T, D>(initial: D, fold: Fold<T, D>): OperatorFunction<WireEvent<T>, WireState<D>> {
  if (typeof fold !== 'function') throw new TypeError('foldWire: fold must be a function')
  return operate((subscriber) => {
    let state = idleState(initial)
    return {
      next: (event) => {
        state = reduceWire(state, event, fold, initial, wallClock)
        subscriber.next(state)
      },
      complete: () => {
        if (state.connection !== 'closed') subscriber.next(completedState(state))
        subscriber.complete()
      },
      error: (error) => {
        if (!isWireError(error)) return subscriber.error(error)
        subscriber.next(failedState(state, error))
        subscriber.complete()
      },
    }
  })
}
