import { CloseError, type ExponentialOptions, exponential, HttpError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'

const lost = new WireError('network', 'lost', { retryable: true })

function http(status: number): HttpError {
  return new HttpError('refused', { status, headers: new Headers(), bodyText: '', url: 'https://example.test/' })
}

function closed(code: number): CloseError {
  return new CloseError('closed', { code, wasClean: true })
}

describe('exponential', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [5, 15_000],
    [6, 15_000],
    [5_000, 15_000],
  ])('returns, after %i failures in a row, a window of %i ms above the floor', (attempt, spanMs) => {
    expect(exponential()(attempt, lost)).toEqual({ floorMs: 100, spanMs })
  })

  it.each([
    { options: { floorMs: 7 }, attempt: 1, window: { floorMs: 7, spanMs: 1_000 } },
    { options: { baseMs: 10 }, attempt: 3, window: { floorMs: 100, spanMs: 40 } },
    { options: { factor: 3 }, attempt: 3, window: { floorMs: 100, spanMs: 9_000 } },
    { options: { factor: 1 }, attempt: 9, window: { floorMs: 100, spanMs: 1_000 } },
    { options: { capMs: 50 }, attempt: 1, window: { floorMs: 100, spanMs: 50 } },
    { options: { floorMs: 0, baseMs: 0 }, attempt: 4, window: { floorMs: 0, spanMs: 0 } },
  ])('applies $options', ({ options, attempt, window }) => {
    expect(exponential(options)(attempt, lost)).toEqual(window)
  })

  it('returns a finite window after 2,000 failures with a base of 0 ms', () => {
    expect(exponential({ floorMs: 1_000, baseMs: 0 })(2_000, lost)).toEqual({ floorMs: 1_000, spanMs: 0 })
  })

  it.each([
    ['503', http(503)],
    ['close code 1001', closed(1001)],
    ['close code 1012', closed(1012)],
    ['close code 1013', closed(1013)],
  ])('starts with a wide window when the server restarts: %s', (_, cause) => {
    const backoff = exponential()
    expect(backoff(1, cause).spanMs).toBe(5_000)
    expect(backoff(3, cause).spanMs).toBe(5_000)
    expect(backoff(4, cause).spanMs).toBe(8_000)
  })

  it('does not cap the restart window', () => {
    expect(exponential({ restartMs: 60_000 })(1, http(503))).toEqual({ floorMs: 100, spanMs: 60_000 })
  })

  it.each<[keyof ExponentialOptions, number]>([
    ['floorMs', -1],
    ['baseMs', -1],
    ['factor', 0],
    ['factor', -2],
    ['capMs', -1],
    ['restartMs', -1],
    ['capMs', Number.NaN],
    ['factor', Number.NaN],
  ])('throws a TypeError that names the option for a %s of %d', (option, value) => {
    const make = () => exponential({ [option]: value })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(`exponential: ${option} must be`)
  })

  it.each(['floorMs', 'baseMs', 'capMs', 'restartMs'] as const)('throws a TypeError for a %s of Infinity', (option) => {
    const make = () => exponential({ [option]: Number.POSITIVE_INFINITY })
    expect(make).toThrow(new TypeError(`exponential: ${option} must be finite`))
  })
})
