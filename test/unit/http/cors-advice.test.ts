import { describe, expect, it } from 'vitest'
import { corsAdvice } from '../../../src/http/diagnostics/cors-advice.ts'
import type { ResolvedRequest } from '../../../src/http/request.ts'

function adviceOn(request: Partial<Omit<ResolvedRequest, 'headers'>> & { headers?: HeadersInit }): string {
  const { headers = {}, ...rest } = request
  const whole = { method: 'GET', url: 'https://api.example/x', body: null, credentials: 'same-origin' as const }
  return corsAdvice({ ...whole, ...rest, headers: new Headers(headers) }, 'https://app.example')
}

describe('corsAdvice', () => {
  it('names the header that every response needs and omits the preflight for a simple request', () => {
    expect(adviceOn({})).toBe(
      'CORS may be the cause. The response needs Access-Control-Allow-Origin: https://app.example (or *).',
    )
  })

  it('rules out the wildcard for a request with credentials', () => {
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

  it('names the content type that a Blob adds', () => {
    const advice = adviceOn({ method: 'POST', body: new Blob(['1'], { type: 'application/json' }) })
    expect(advice).toContain('respond to OPTIONS with 2xx and Access-Control-Allow-Headers: content-type.')
  })

  it('names no header if only a streamed body causes the preflight', () => {
    expect(adviceOn({ method: 'POST', body: new Blob(['x']).stream() })).toMatch(/respond to OPTIONS with 2xx\.$/)
  })

  it.each([
    ['application/json', true],
    ['text/plain; charset=utf-8', false],
    ['multipart/form-data; boundary=x', false],
    ['multipart/form-data; boundary="x"', true],
    ['text/plainer', true],
    ['APPLICATION/X-WWW-FORM-URLENCODED', false],
  ])('knows whether a body of type %s needs a preflight: %s', (type, isAsked) => {
    const advice = adviceOn({ method: 'POST', headers: { 'content-type': type } })
    expect(advice.includes('Access-Control-Allow-Headers: content-type')).toBe(isAsked)
  })
})
