import { exponential, type ReconnectPolicy, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { requestPolicy } from '../../../src/policy/retry-policy.ts'
import { refused } from '../support/refused.ts'

const lost = new WireError('network', 'lost', { retryable: true })
const context = { attempt: 0, cursor: undefined, cause: undefined }

/** Whether the engine retries under a policy. */
function triesAgain(error: WireError, policy?: ReconnectPolicy): boolean {
  return requestPolicy(policy).shouldRetry?.(error, context) ?? error.retryable
}

describe('requestPolicy', () => {
  it('retries twice within a few seconds', () => {
    const { maxRetries, backoff } = requestPolicy()
    expect(maxRetries).toBe(2)
    const windows = [1, 2, 3, 6, 7].map((failures) => backoff?.(failures, lost))
    expect(windows).toEqual([300, 600, 1_200, 9_600, 10_000].map((spanMs) => ({ floorMs: 0, spanMs })))
    expect(backoff?.(1, refused(503))).toEqual({ floorMs: 0, spanMs: 1_000 })
  })

  it.each([408, 425, 429, 500, 502, 503, 504])('retries after %i', (status) => {
    expect(triesAgain(refused(status))).toBe(true)
  })

  it.each([304, 400, 401, 403, 404, 409, 410, 422, 501, 505, 507, 508, 511, 520, 599])(
    'does not retry after %i by default',
    (status) => {
      expect(triesAgain(refused(status))).toBe(false)
    },
  )

  it('leaves 401 to the engine, which asks for fresh credentials', () => {
    expect(requestPolicy().shouldRetry?.(refused(401), context)).toBeUndefined()
  })

  it('uses error.retryable for an error without a status', () => {
    expect(triesAgain(lost)).toBe(true)
    expect(triesAgain(new WireError('decode', 'no JSON'))).toBe(false)
  })

  it('lets shouldRetry overrule it either way', () => {
    expect(triesAgain(refused(507), { shouldRetry: () => true })).toBe(true)
    expect(triesAgain(refused(503), { shouldRetry: () => false })).toBe(false)
    expect(triesAgain(refused(507), { shouldRetry: () => undefined })).toBe(false)
    expect(triesAgain(refused(503), { shouldRetry: () => undefined })).toBe(true)
  })

  it('keeps the given options and replaces undefined with its defaults', () => {
    const backoff = exponential({ baseMs: 7 })
    const random = () => 0
    expect(requestPolicy({ maxRetries: 0, backoff, random, maxRetryAfterMs: 5 })).toMatchObject({
      maxRetries: 0,
      backoff,
      random,
      maxRetryAfterMs: 5,
    })
    expect(requestPolicy({ maxRetries: undefined, backoff: undefined }).maxRetries).toBe(2)
  })
})
