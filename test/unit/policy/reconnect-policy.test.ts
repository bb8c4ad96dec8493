import { EMPTY } from 'rxjs'
import { exponential, type ReconnectingOptions, reconnecting, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { resolveReconnectPolicy } from '../../../src/policy/reconnect-rules.ts'

const lost = new WireError('network', 'lost')

describe('resolveReconnectPolicy', () => {
  it('uses the documented defaults for missing options', () => {
    const rules = resolveReconnectPolicy({})
    expect(rules).toMatchObject({
      maxRetries: Number.POSITIVE_INFINITY,
      resetOnMessageAfterMs: 1_000,
      resetOnOpenAfterMs: 5_000,
      maxRetryAfterMs: 300_000,
      connectTimeoutMs: Number.POSITIVE_INFINITY,
      whileHidden: 'reconnect',
      reconnectNow: undefined,
      resumeFrom: undefined,
      random: Math.random,
    })
    expect(rules.backoff(3, lost)).toEqual(exponential()(3, lost))
    expect(rules.shouldRetry(lost, { attempt: 0, cursor: undefined, cause: undefined })).toBeUndefined()
    expect(rules.isAboutCredentials(new WireError('auth', 'unauthorized'))).toBe(true)
    expect(rules.isAboutCredentials(lost)).toBe(false)
  })

  it('keeps the given options, including zeros', () => {
    const given = {
      maxRetries: 0,
      backoff: () => ({ floorMs: 1, spanMs: 2 }),
      shouldRetry: () => true,
      resetOnMessageAfterMs: 0,
      resetOnOpenAfterMs: 0,
      maxRetryAfterMs: 0,
      connectTimeoutMs: 1,
      reconnectNow: EMPTY,
      resumeFrom: 'a',
      isAboutCredentials: () => false,
      whileHidden: 'wait' as const,
      onGone: 'tail' as const,
      random: () => 0,
    }
    expect(resolveReconnectPolicy(given)).toEqual(given)
  })

  it.each<[keyof ReconnectingOptions, unknown, string]>([
    ['maxRetries', -1, 'must be a non-negative number, got -1'],
    ['maxRetries', Number.NaN, 'must be a non-negative number, got NaN'],
    ['maxRetries', '3', "must be a non-negative number, got '3'"],
    ['resetOnMessageAfterMs', -1, 'must be a non-negative number'],
    ['resetOnOpenAfterMs', -1, 'must be a non-negative number'],
    ['maxRetryAfterMs', -1, 'must be a non-negative number'],
    ['maxRetryAfterMs', null, 'must be a non-negative number, got null'],
    ['connectTimeoutMs', 0, 'must be a positive number, got 0'],
    ['connectTimeoutMs', -1, 'must be a positive number'],
    ['connectTimeoutMs', Number.NaN, 'must be a positive number'],
    ['backoff', 1_000, 'must be a function'],
    ['shouldRetry', true, 'must be a function'],
    ['random', 0.5, 'must be a function'],
    ['isAboutCredentials', true, 'must be a function'],
    ['whileHidden', 'park', "must be one of 'reconnect', 'wait', got 'park'"],
    ['reconnectNow', () => {}, 'must be an Observable'],
  ])('throws a TypeError that names the option for a %s of %s', (option, value, complaint) => {
    const make = () => reconnecting(() => {}, { [option]: value })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(`${option} ${complaint}`)
  })
})
