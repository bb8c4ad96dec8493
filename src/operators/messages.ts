import type { OperatorFunction } from 'rxjs'
import { requireEvent } from '../errors.ts'
import type { WireEvent } from '../wire.ts'
import { operate } from './operate.ts'

/**
 * Emits the data of each message, and drops all other events. Errors and completion pass through, so any RxJS operator
 * can follow. A value that is not an event of a wire, as after another `messages()`, is a `TypeError`.
 *
 * @example
 * ```ts
 * import { fromEventSource, messages } from 'rxwire'
 *
 * fromEventSource('/feed').pipe(messages()).subscribe((line) => console.info(line))
 * ```
 */
export function messages<T>(): OperatorFunction<WireEvent<T>, T> {
  return operate((subscriber) => ({
    next: (event) => {
      if (event?.type === 'message') subscriber.next(event.data)
      else requireEvent('messages', event)
    },
  }))
}
