import { CloseError, HttpError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { isRestarting } from '../../../src/policy/backoff.ts'

describe('isRestarting', () => {
  it.each([
    [503, true],
    [500, false],
    [502, false],
    [429, false],
  ])('maps status %i to %s', (status, expected) => {
    const error = new HttpError('refused', { status, headers: new Headers(), bodyText: '', url: '' })
    expect(isRestarting(error)).toBe(expected)
  })

  it.each([
    [1001, true],
    [1012, true],
    [1013, true],
    [1000, false],
    [1006, false],
    [1011, false],
    [undefined, false],
  ])('maps close code %s to %s', (code, expected) => {
    expect(isRestarting(new CloseError('closed', { code, wasClean: false }))).toBe(expected)
  })

  it('returns false for a network error', () => {
    expect(isRestarting(new WireError('network', 'lost', { retryable: true }))).toBe(false)
  })
})
