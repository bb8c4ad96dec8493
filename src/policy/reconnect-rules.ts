import type { Observable } from 'rxjs'
import type { WireError } from '../errors.ts'
import { requireResumePoint } from '../resume-point.ts'
import { type Backoff, exponential } from './backoff.ts'
import { requirePolicy } from './check-policy.ts'
import { isAboutCredentials } from './http-status.ts'
import type { ReconnectingOptions, ReconnectPolicy } from './retry-policy.ts'

/** A policy with all defaults filled in. */
export interface ReconnectRules {
  readonly maxRetries: number
  readonly backoff: Backoff
  readonly shouldRetry: NonNullable<ReconnectPolicy['shouldRetry']>
  readonly resetOnMessageAfterMs: number
  readonly resetOnOpenAfterMs: number
  readonly maxRetryAfterMs: number
  readonly connectTimeoutMs: number
  readonly whileHidden: 'reconnect' | 'wait'
  readonly reconnectNow: Observable<unknown> | undefined
  readonly resumeFrom: string | undefined
  readonly isAboutCredentials: (error: WireError) => boolean
  readonly onGone: 'fail' | 'restart' | 'tail'
  readonly random: () => number
}

/**
 * Fills in the defaults of a policy.
 *
 * @throws TypeError if an option is invalid.
 */
export function resolveReconnectPolicy(policy: ReconnectingOptions): ReconnectRules {
  requirePolicy(policy)
  requireResumePoint('resumeFrom', policy.resumeFrom)
  return {
    maxRetries: policy.maxRetries ?? Number.POSITIVE_INFINITY,
    backoff: policy.backoff ?? exponential(),
    shouldRetry: policy.shouldRetry ?? (() => undefined),
    resetOnMessageAfterMs: policy.resetOnMessageAfterMs ?? 1_000,
    resetOnOpenAfterMs: policy.resetOnOpenAfterMs ?? 5_000,
    maxRetryAfterMs: policy.maxRetryAfterMs ?? 300_000,
    connectTimeoutMs: policy.connectTimeoutMs ?? Number.POSITIVE_INFINITY,
    whileHidden: policy.whileHidden ?? 'reconnect',
    reconnectNow: policy.reconnectNow,
    // An empty text means from the start.
    resumeFrom: policy.resumeFrom || undefined,
    isAboutCredentials: policy.isAboutCredentials ?? isAboutCredentials,
    onGone: policy.onGone ?? 'fail',
    random: policy.random ?? Math.random,
  }
}
