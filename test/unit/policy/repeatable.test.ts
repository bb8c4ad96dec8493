import { describe, expect, it } from 'vitest'
import { isRepeatable } from '../../../src/policy/retry-policy.ts'

describe('isRepeatable', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('allows a %s to be repeated', (method) => {
    expect(isRepeatable(method, {})).toBe(true)
  })

  it.each(['POST', 'PATCH', 'CONNECT', 'TRACE', 'PURGE', ''])('does not allow a %s to be repeated', (method) => {
    expect(isRepeatable(method, {})).toBe(false)
    expect(isRepeatable(method, { resume: false, idempotencyKey: undefined })).toBe(false)
  })

  it('allows a POST with an idempotency key to be repeated', () => {
    expect(isRepeatable('POST', { idempotencyKey: 'a-1' })).toBe(true)
  })

  it('allows a POST that the server can resume to be repeated', () => {
    expect(isRepeatable('POST', { resume: true })).toBe(true)
  })
})
