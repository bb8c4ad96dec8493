import { isWireError, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { credentialGuard } from '../../../src/http/request.ts'

const home = 'https://home.example/a'
const away = 'https://away.example/b?token=secret'

/** A request to a url, with these headers. */
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
  throw new Error('it was let through')
}

describe('credentialGuard', () => {
  it.each(['Authorization', 'Proxy-Authorization', 'Cookie'])('does not let %s go to another origin', (name) => {
    const guard = credentialGuard()
    guard(to(home, { [name]: 'secret' }))
    expect(refusalOf(() => guard(to(away, { [name]: 'secret' })))).toMatchObject({ kind: 'network', retryable: false })
  })

  it('does not let cookies go to another origin', () => {
    const guard = credentialGuard()
    guard(to(home, {}, 'include'))
    expect(refusalOf(() => guard(to(away, {}, 'include'))).message).toContain('has credentials')
  })

  it('does not let a user go to another origin', () => {
    const guard = credentialGuard()
    guard({ ...to(home), user: 'ada' })
    expect(refusalOf(() => guard({ ...to(away), user: 'ada' })).message).toContain('has credentials')
  })

  it('names where it went, where it came from and what would let it, and shows no query', () => {
    const guard = credentialGuard()
    guard(to(home))
    const { message } = refusalOf(() => guard(to(away, { authorization: 'secret' })))
    expect(message).toContain(
      'https://away.example/b is of another origin than the first attempt (https://home.example)',
    )
    expect(message).toContain("credentialOrigins: ['https://away.example']")
    expect(message).not.toContain('secret')
  })

  it.each(['http://home.example/', 'https://home.example:8443/', 'https://www.home.example/'])(
    'takes %s for another origin',
    (url) => {
      const guard = credentialGuard()
      guard(to(home))
      refusalOf(() => guard(to(url, { authorization: 'secret' })))
    },
  )

  it('lets credentials go anywhere on the origin that they were given to', () => {
    const guard = credentialGuard()
    guard(to(home, { authorization: 'secret' }))
    guard(to('https://home.example:443/elsewhere', { authorization: 'secret' }, 'include'))
  })

  it('lets go whoever has none', () => {
    const guard = credentialGuard()
    guard(to(home, { authorization: 'secret' }))
    guard(to(away, { 'x-anything': '1' }, 'omit'))
    guard(to(away))
  })

  it('lets credentials go where they are allowed to, and nowhere else', () => {
    const guard = credentialGuard(['https://away.example'])
    guard(to(home))
    guard(to(away, { authorization: 'secret' }))
    refusalOf(() => guard(to('https://elsewhere.example/', { authorization: 'secret' })))
  })

  it('stays at the home of the first attempt, wherever it has been since', () => {
    const guard = credentialGuard()
    guard(to(home))
    guard(to(away))
    guard(to(home, { authorization: 'secret' }))
    refusalOf(() => guard(to(away, { authorization: 'secret' })))
  })

  it('knows another home for each subscription', () => {
    credentialGuard()(to(home, { authorization: 'secret' }))
    credentialGuard()(to(away, { authorization: 'secret' }))
  })
})
