import { type ReconnectPolicy, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { resolveReconnectPolicy } from '../../../src/policy/reconnect-rules.ts'
import { uploadPolicy } from '../../../src/policy/retry-policy.ts'
import { refused } from '../support/refused.ts'

const lost = new WireError('network', 'lost', { retryable: true })
const context = { attempt: 0, cursor: undefined, cause: undefined }

/** Whether the engine retries under a policy. */
function triesAgain(error: WireError, policy?: ReconnectPolicy): boolean {
  return uploadPolicy(policy).shouldRetry?.(error, context) ?? error.retryable
}

describe('uploadPolicy', () => {
  it('retries without a limit', () => {
    expect(resolveReconnectPolicy(uploadPolicy()).maxRetries).toBe(Number.POSITIVE_INFINITY)
  })

  it('resets the failure count when the server confirms bytes, not when it responds', () => {
    const { resetOnMessageAfterMs, resetOnOpenAfterMs } = uploadPolicy()
    expect({ resetOnMessageAfterMs, resetOnOpenAfterMs }).toEqual({
      resetOnMessageAfterMs: 0,
      resetOnOpenAfterMs: Number.POSITIVE_INFINITY,
    })
  })

  it('retries after 423, because the upload is locked', () => {
    expect(triesAgain(refused(423))).toBe(true)
  })

  it('uses error.retryable for everything else', () => {
    expect([408, 429, 500, 502, 503, 504].every((status) => triesAgain(refused(status)))).toBe(true)
    expect([400, 403, 404, 409, 410, 413, 415].some((status) => triesAgain(refused(status)))).toBe(false)
    expect(triesAgain(lost)).toBe(true)
    expect(uploadPolicy().shouldRetry?.(refused(401), context)).toBeUndefined()
  })

  it('lets the given policy overrule it', () => {
    expect(triesAgain(refused(423), { shouldRetry: () => false })).toBe(false)
    expect(triesAgain(refused(403), { shouldRetry: () => true })).toBe(true)
    expect(triesAgain(refused(423), { shouldRetry: () => undefined })).toBe(true)
    expect(uploadPolicy({ maxRetries: 3, resetOnMessageAfterMs: 1, resetOnOpenAfterMs: 2 })).toMatchObject({
      maxRetries: 3,
      resetOnMessageAfterMs: 1,
      resetOnOpenAfterMs: 2,
    })
  })
})
