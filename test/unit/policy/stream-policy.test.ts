import { describe, expect, it } from 'vitest'
import { streamPolicy } from '../../../src/policy/retry-policy.ts'

describe('streamPolicy', () => {
  it('never retries if the option is false', () => {
    expect(streamPolicy(false)).toEqual({ maxRetries: 0 })
  })

  it('uses the given policy, or the defaults of the engine', () => {
    const policy = { maxRetries: 7 }
    expect(streamPolicy(policy)).toBe(policy)
    expect(streamPolicy(undefined)).toEqual({})
  })
})
