import { CloseError, HttpError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { asAuthError, isAboutCredentials } from '../../../src/policy/credentials.ts'

const http = (status: number) =>
  new HttpError('refused', { status, headers: new Headers({ a: '1' }), bodyText: 'why', url: 'http://localhost/' })

describe('isAboutCredentials', () => {
  it.each([http(401), new WireError('auth', 'no')])('takes %o for a matter of credentials', (error) => {
    expect(isAboutCredentials(error)).toBe(true)
  })

  it.each([http(403), http(503), new CloseError('gone', { code: 1006, wasClean: false })])(
    'does not take %o for one',
    (error) => {
      expect(isAboutCredentials(error)).toBe(false)
    },
  )
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

  it('leaves an error alone that is of that kind', () => {
    const error = new WireError('auth', 'no')
    expect(asAuthError(error)).toBe(error)
  })
})
