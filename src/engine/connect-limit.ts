import { LATE_RESPONSE } from '../advice.ts'
import { WireError } from '../errors.ts'

/**
 * Returns how long an attempt may wait for a response, in milliseconds. Browsers delay connections to hosts that failed,
 * so the limit grows by a fifth per failure, to twice its value.
 */
export function connectLimitMs(connectTimeoutMs: number, failures: number): number {
  return connectTimeoutMs * Math.min(2, 1 + failures / 5)
}

/** Returns the error of an attempt that has no response within its limit. */
export function lateResponse(limitMs: number): WireError {
  return new WireError('timeout', `No response within ${limitMs} ms.${LATE_RESPONSE}`, { retryable: true })
}
