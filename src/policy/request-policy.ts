import { HttpError } from '../errors.ts'
import { exponential } from './backoff.ts'
import type { ReconnectPolicy } from './reconnect-policy.ts'

// Those that the same request may get past a moment later. A 507 or a 508 is there to stay.
const WORTH_REPEATING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * When a request is tried again, as opposed to a stream: somebody is waiting for the answer. Two retries within a
 * few seconds: windows of `U(0, min(10 s, 300 ms · 2ⁿ⁻¹))`, after a 503 at least `U(0, 1 s)`.
 */
export function requestPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  return {
    ...policy,
    maxRetries: policy.maxRetries ?? 2,
    backoff: policy.backoff ?? exponential({ floorMs: 0, baseMs: 300, capMs: 10_000, restartMs: 1_000 }),
    shouldRetry: (error, context) => {
      const isFinal = error instanceof HttpError && error.retryable && !WORTH_REPEATING.has(error.status)
      return policy.shouldRetry?.(error, context) ?? (isFinal ? false : undefined)
    },
  }
}
