import { describe, expect, it } from 'vitest'
import { isRepeatable } from '../../../src/policy/retry-policy.ts'

describe('isRepeatable', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('lets a %s be sent again', (method) => {
    expect(isRepeatable(method, {})).toBe(true)
  })

  it.each(['POST', 'PATCH', 'CONNECT', 'TRACE', 'PURGE', ''])('does not let a %s be sent again by itself', (method) => {
    expect(isRepeatable(method, {})).toBe(false)
    expect(isRepeatable(method, { resume: false, idempotencyKey: undefined })).toBe(false)
  })

  it('lets a POST be sent again when it carries an idempotency key', () => {
    expect(isRepeatable('POST', { idempotencyKey: 'a-1' })).toBe(true)
  })

  it('lets a POST be sent again when the server continues it', () => {
    expect(isRepeatable('POST', { resume: true })).toBe(true)
  })
})
