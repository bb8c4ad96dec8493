import { describe, expect, it } from 'vitest'
import { corsAdvice } from '../../../src/http/diagnostics/cors-advice.ts'
import type { ResolvedRequest } from '../../../src/http/request.ts'

function adviceOn(request: Partial<Omit<ResolvedRequest, 'headers'>> & { headers?: HeadersInit }): string {
  const { headers = {}, ...rest } = request
  const whole = { method: 'GET', url: 'https://api.example/x', body: null, credentials: 'same-origin' as const }
  return corsAdvice({ ...whole, ...rest, headers: new Headers(headers) }, 'https://app.example')
}

describe('the advice on CORS', () => {
  it('names the header that every answer needs, and says nothing of a preflight that there is none of', () => {
    expect(adviceOn({})).toBe(
      'CORS may be the cause. The response needs Access-Control-Allow-Origin: https://app.example (or *).',
    )
  })

  it('allows no wildcard where cookies travel', () => {
    const advice = adviceOn({ credentials: 'include' })
    expect(advice).toContain('Access-Control-Allow-Origin: https://app.example (with credentials, not *)')
    expect(advice).toContain('Access-Control-Allow-Credentials: true')
  })

  it('names the method and the headers that a preflight must allow', () => {
    const headers = { 'X-Tenant': '7', Authorization: 'Bearer 1', Accept: 'text/plain' }
    const advice = adviceOn({ method: 'PATCH', headers })
    expect(advice).toContain(
      'Access-Control-Allow-Methods: PATCH and Access-Control-Allow-Headers: authorization, x-tenant.',
    )
  })

  it('names the type that a Blob brings with it', () => {
    const advice = adviceOn({ method: 'POST', body: new Blob(['1'], { type: 'application/json' }) })
    expect(advice).toContain('OPTIONS must be answered 2xx with Access-Control-Allow-Headers: content-type.')
  })

  it('has nothing to allow where it is how a request is sent that makes a preflight', () => {
    expect(adviceOn({ method: 'POST', body: new Blob(['x']).stream() })).toMatch(/OPTIONS must be answered 2xx\.$/)
  })

  it.each([
    ['application/json', true],
    ['text/plain; charset=utf-8', false],
    ['multipart/form-data; boundary=x', false],
    ['multipart/form-data; boundary="x"', true],
    ['text/plainer', true],
    ['APPLICATION/X-WWW-FORM-URLENCODED', false],
  ])('knows whether a body of type %s is asked for first: %s', (type, isAsked) => {
    const advice = adviceOn({ method: 'POST', headers: { 'content-type': type } })
    expect(advice.includes('Access-Control-Allow-Headers: content-type')).toBe(isAsked)
  })
})
