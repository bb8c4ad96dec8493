import type { MonoTypeOperatorFunction } from 'rxjs'
import { reconnecting } from '../engine/reconnecting.ts'
import { type ReconnectPolicy, resolveReconnectPolicy } from '../policy/retry-policy.ts'
import type { WireEvent } from '../wire.ts'

/**
 * Subscribes again when a wire fails and another attempt may go better. Each attempt starts over: an
 * Observable cannot be told where to resume. Where that matters, use {@link reconnecting}, or a transport,
 * which does it by itself.
 *
 * @throws TypeError if the policy makes no sense.
 *
 * @example
 * ```ts
 * import { reconnect, type Wire } from 'rxwire'
 *
 * declare const prices: Wire<number>
 *
 * prices.pipe(reconnect({ maxRetries: 5 })).subscribe()
 * ```
 */
export function reconnect<T>(policy: ReconnectPolicy = {}): MonoTypeOperatorFunction<WireEvent<T>> {
  // Checked here, at the call: the source is only there later.
  resolveReconnectPolicy(policy)
  return (source) => reconnecting(() => source, policy)
}
