import type { MonoTypeOperatorFunction } from 'rxjs'
import { type ReconnectPolicy, requestPolicy } from '../policy/retry-policy.ts'
import type { WireEvent } from '../wire.ts'
import { reconnect } from './reconnect.ts'

/**
 * Retries a request, as opposed to a stream: a user waits for the response, so it is retried twice within a few
 * seconds, then fails. Windows are `U(0, min(10 s, 300 ms · 2ⁿ⁻¹))`, after a 503 at least `U(0, 1 s)`. The caller must
 * make sure that the request is safe to repeat, because this operator does not see its method.
 *
 * @throws TypeError if the policy is invalid.
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
