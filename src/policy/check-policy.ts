import { isObservable } from 'rxjs'
import { requireFunction, requireNonNegative, requireOneOf, requirePolicyObject, requirePositive } from '../validate.ts'
import type { ReconnectingOptions } from './retry-policy.ts'

/** @throws TypeError if an option of a policy is invalid. */
export function requirePolicy(policy: ReconnectingOptions): void {
  requirePolicyObject('reconnect', policy)
  requireNonNegative('reconnect: maxRetries', policy.maxRetries)
  requireNonNegative('reconnect: resetOnMessageAfterMs', policy.resetOnMessageAfterMs)
  requireNonNegative('reconnect: resetOnOpenAfterMs', policy.resetOnOpenAfterMs)
  requireNonNegative('reconnect: maxRetryAfterMs', policy.maxRetryAfterMs)
  requirePositive('connectTimeoutMs', policy.connectTimeoutMs)
  requireFunction('reconnect: backoff', policy.backoff)
  requireFunction('reconnect: shouldRetry', policy.shouldRetry)
  requireFunction('reconnect: random', policy.random)
  requireFunction('isAboutCredentials', policy.isAboutCredentials)
  requireOneOf('reconnect: whileHidden', policy.whileHidden, ['reconnect', 'wait'])
  if (policy.reconnectNow !== undefined && !isObservable(policy.reconnectNow)) {
    throw new TypeError('reconnect: reconnectNow must be an Observable')
  }
}
