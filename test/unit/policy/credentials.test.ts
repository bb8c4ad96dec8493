import { CloseError, HttpError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { asAuthError, isAboutCredentials } from '../../../src/policy/http-status.ts'

const http = (status: number) =>
  new HttpError('refused', { status, headers: new Headers({ a: '1' }), bodyText: 'why', url: 'http://localhost/' })

describe('isAboutCredentials', () => {
  it.each([http(401), new WireError('auth', 'no')])('takes %o for a matter of credentials', (error) => {
    expect(isAboutCredentials(error)).toBe(true)
  })

  // What a close code means may be overruled: the transport knows.
  const closed = [1006, 3000].map((code) => new CloseError('gone', { code, wasClean: false }))

  it.each([http(403), http(503), ...closed])('does not take %o for one', (error) => {
    expect(isAboutCredentials(error)).toBe(false)
  })

  it('takes a close for one that is of that kind already', () => {
    expect(isAboutCredentials(new CloseError('gone', { kind: 'auth', wasClean: true }))).toBe(true)
  })
})

describe('asAuthError', () => {
  it('makes kind auth of a refusal and keeps what the server said', () => {
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

  it('makes kind auth of a close and keeps how it was closed', () => {
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

  it('makes kind auth of any other failure', () => {
    const lost = new WireError('network', 'lost', { retryable: true, retryAfterMs: 5 })
    const error = asAuthError(lost)
    expect(error).toMatchObject({ kind: 'auth', message: 'lost', retryable: false, retryAfterMs: 5, cause: lost })
    expect(error.name).toBe('WireError')
  })

  it('leaves an error alone that is of that kind', () => {
    const error = new WireError('auth', 'no')
    expect(asAuthError(error)).toBe(error)
  })
})
