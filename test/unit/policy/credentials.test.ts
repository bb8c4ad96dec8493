import { CloseError, HttpError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { asAuthError, isAboutCredentials } from '../../../src/policy/http-status.ts'

const http = (status: number) =>
  new HttpError('refused', { status, headers: new Headers({ a: '1' }), bodyText: 'why', url: 'http://localhost/' })

describe('isAboutCredentials', () => {
  it.each([http(401), new WireError('auth', 'no')])('returns true for %o', (error) => {
    expect(isAboutCredentials(error)).toBe(true)
  })

  // The caller may map close codes, so only the transport knows what one means.
  const closed = [1006, 3000].map((code) => new CloseError('gone', { code, wasClean: false }))

  it.each([http(403), http(503), ...closed])('returns false for %o', (error) => {
    expect(isAboutCredentials(error)).toBe(false)
  })

  it('returns true for a close of kind auth', () => {
    expect(isAboutCredentials(new CloseError('gone', { kind: 'auth', wasClean: true }))).toBe(true)
  })
})

describe('asAuthError', () => {
  it('converts an HTTP error to kind auth and keeps its response', () => {
    const refused = http(401)
    const { status, headers, bodyText, url, message } = refused
    expect(asAuthError(refused)).toMatchObject({
      kind: 'auth',
      retryable: false,
      cause: refused,
      ...{ status, headers, bodyText, url, message },
    })
    expect(asAuthError(refused)).toBeInstanceOf(HttpError)
  })

  it('converts a close to kind auth and keeps its code and reason', () => {
    const closed = new CloseError('go', {
      code: 4401,
      reason: 'token',
      wasClean: true,
      retryable: true,
      retryAfterMs: 5,
    })
    const { code, reason, wasClean, message, retryAfterMs } = closed
    expect(asAuthError(closed)).toMatchObject({
      kind: 'auth',
      retryable: false,
      cause: closed,
      ...{ code, reason, wasClean, message, retryAfterMs },
    })
    expect(asAuthError(closed)).toBeInstanceOf(CloseError)
  })

  it('converts any other failure to kind auth', () => {
    const lost = new WireError('network', 'lost', { retryable: true, retryAfterMs: 5 })
    const error = asAuthError(lost)
    expect(error).toMatchObject({ kind: 'auth', message: 'lost', retryable: false, retryAfterMs: 5, cause: lost })
    expect(error.name).toBe('WireError')
  })

  it('returns an error of kind auth unchanged', () => {
    const error = new WireError('auth', 'no')
    expect(asAuthError(error)).toBe(error)
  })
})
