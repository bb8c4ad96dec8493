import type { MonoTypeOperatorFunction } from 'rxjs'
import type { ReconnectPolicy } from '../policy/retry-policy.ts'
import { requestPolicy } from '../policy/retry-policy.ts'
import type { WireEvent } from '../wire.ts'
import { reconnect } from './reconnect.ts'

/**
 * Retries a request, as opposed to a stream: two retries within a few seconds, then the failure, because
 * somebody is waiting for the answer. Windows are `U(0, min(10 s, 300 ms · 2ⁿ⁻¹))`, after a 503 at
 * least `U(0, 1 s)`. Whether the request is safe to repeat is yours to know: this operator cannot see its method.
 *
 * @throws TypeError if the policy makes no sense.
 *
 * @example
 * ```ts
 * import { retryRequest, type Wire } from 'rxwire'
 *
 * declare const report: Wire<Blob>
 *
 * report.pipe(retryRequest({ maxRetries: 4 })).subscribe()
 * ```
 */
export function retryRequest<T>(policy: ReconnectPolicy = {}): MonoTypeOperatorFunction<WireEvent<T>> {
  return reconnect(requestPolicy(policy))
}
