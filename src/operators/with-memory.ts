import { type MonoTypeOperatorFunction, Observable } from 'rxjs'
import { takeContext, withContext } from '../subscription-context.ts'
import type { WireEvent } from '../wire.ts'
import type { WireMemory } from '../wire-memory.ts'

/**
 * Lets subscriptions of one consumer continue each other: a later one resumes where an earlier one stopped, and does not
 * send a request again that is not safe to repeat (it fails with kind `unrepeatable`). A store does this by itself.
 *
 * Place it next to the wire: the memory reaches wires that are subscribed synchronously, so not through `subscribeOn` or
 * later subscribers of `share`. Several wires below it, as in `merge`, are told apart by their order.
 *
 * @param memory The memory of the consumer. Two subscriptions at a time need two.
 *
 * @example
 * ```ts
 * import { fromEventSource, messages, WireMemory, withMemory } from 'rxwire'
 *
 * const ticks = fromEventSource('/ticks').pipe(withMemory(new WireMemory()), messages())
 * const first = ticks.subscribe((tick) => console.info(tick))
 * first.unsubscribe()
 * // Resumes after the last tick.
 * ticks.subscribe((tick) => console.info(tick))
 * ```
 */
export function withMemory<T>(memory: WireMemory): MonoTypeOperatorFunction<WireEvent<T>> {
  return (source) =>
    new Observable((subscriber) => {
      memory.restart()
      return takeContext((context) => withContext({ ...context, memory }, () => source.subscribe(subscriber)))
    })
}
