import { isWireError, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { credentialGuard } from '../../../src/http/request.ts'

const home = 'https://home.example/a'
const away = 'https://away.example/b?token=secret'

/** A request to a URL with these headers. */
function to(url: string, headers: Record<string, string> = {}, credentials: RequestCredentials = 'same-origin') {
  return { url, headers: new Headers(headers), credentials }
}

function refusalOf(check: () => void): WireError {
  try {
    check()
  } catch (error) {
    if (isWireError(error)) return error
    throw error
  }
  throw new Error('expected the guard to throw')
}

describe('credentialGuard', () => {
  it.each(['Authorization', 'Proxy-Authorization', 'Cookie', 'X-API-Key', 'apikey', 'X-Anything'])(
    'rejects a request with %s to another origin',
    (name) => {
      const guard = credentialGuard({})
      guard(to(home, { [name]: 'secret' }))
      expect(refusalOf(() => guard(to(away, { [name]: 'secret' })))).toMatchObject({
        kind: 'network',
        retryable: false,
      })
    },
  )

  it('rejects a request with cookies to another origin', () => {
    const guard = credentialGuard({})
    guard(to(home, {}, 'include'))
    expect(refusalOf(() => guard(to(away, {}, 'include'))).message).toContain('has credentials')
  })

  it('rejects a request with a user name to another origin', () => {
    const guard = credentialGuard({})
    guard({ ...to(home), user: 'ada' })
    expect(refusalOf(() => guard({ ...to(away), user: 'ada' })).message).toContain('has credentials')
  })

  it('names both origins and the option that allows the request, without the query', () => {
    const guard = credentialGuard({})
    guard(to(home))
    const { message } = refusalOf(() => guard(to(away, { authorization: 'secret' })))
    expect(message).toContain('https://away.example/b has another origin than the first attempt (https://home.example)')
    expect(message).toContain("credentialOrigins: ['https://away.example']")
    expect(message).not.toContain('secret')
  })

  it.each(['http://home.example/', 'https://home.example:8443/', 'https://www.home.example/'])(
    'treats %s as another origin',
    (url) => {
      const guard = credentialGuard({})
      guard(to(home))
      refusalOf(() => guard(to(url, { authorization: 'secret' })))
    },
  )

  it('allows credentials on every path of the first origin', () => {
    const guard = credentialGuard({})
    guard(to(home, { authorization: 'secret' }))
    guard(to('https://home.example:443/elsewhere', { authorization: 'secret' }, 'include'))
  })

  it('allows a request without credentials to any origin', () => {
    const guard = credentialGuard({})
    guard(to(home, { authorization: 'secret' }))
    guard(to(away, { accept: 'text/plain', 'content-type': 'text/plain' }, 'omit'))
    guard(to(away))
  })

  it('allows credentials to the listed origins only', () => {
    const guard = credentialGuard({}, { credentialOrigins: ['https://away.example'] })
    guard(to(home))
    guard(to(away, { authorization: 'secret' }))
    refusalOf(() => guard(to('https://elsewhere.example/', { authorization: 'secret' })))
  })

  it('compares with the origin of the first attempt, not of the last one', () => {
    const guard = credentialGuard({})
    guard(to(home))
    guard(to(away))
    guard(to(home, { authorization: 'secret' }))
    refusalOf(() => guard(to(away, { authorization: 'secret' })))
  })

  it('keeps one home origin per consumer', () => {
    credentialGuard({})(to(home, { authorization: 'secret' }))
    credentialGuard({})(to(away, { authorization: 'secret' }))
  })
})
