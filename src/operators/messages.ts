import type { OperatorFunction } from 'rxjs'
import type { WireEvent } from '../wire.ts'
import { operate } from './operate.ts'

/**
 * Just the messages: the front door. Errors and completion pass through, so any RxJS operator may follow.
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
      if (event.type === 'message') subscriber.next(event.data)
    },
  }))
}
