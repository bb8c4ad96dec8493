import { fromJsonp, json } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

/** From now on, the page runs only scripts with this nonce, and its own scripts, which the test needs. */
function demandNonce(nonce: string): void {
  const policy = document.createElement('meta')
  policy.httpEquiv = 'Content-Security-Policy'
  policy.content = `script-src 'nonce-${nonce}' 'unsafe-eval' ${location.origin}`
  document.head.append(policy)
}

describe('fromJsonp on a page with a Content-Security-Policy', () => {
  demandNonce('c2VjcmV0')

  it.each([true, false])('runs with the nonce (isolate: %s)', async (isolate) => {
    const url = backend().url('/jsonp/answer')
    const session = record(fromJsonp(url, { isolate, nonce: 'c2VjcmV0', retry: false }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual(['1'])
  })

  it('hides the nonce and its own script from the script that it loads', async () => {
    const body =
      'rxwire(document.documentElement.outerHTML + [...document.scripts].map(({ nonce, text }) => nonce + text))'
    const url = backend().url('/http/text', { type: 'text/javascript', body })
    const session = record(fromJsonp(url, { decode: json<string>(), nonce: 'c2VjcmV0', retry: false }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()[0]).toContain('<script')
    expect(session.data()[0]).not.toMatch(/c2VjcmV0|MessageChannel/)
  })

  it.each([true, false])('fails without the nonce (isolate: %s)', async (isolate) => {
    const session = record(fromJsonp(backend().url('/jsonp/answer'), { isolate }))
    expect(await session.ended()).toMatchObject({
      kind: 'network',
      retryable: false,
      message: expect.stringContaining('nonce'),
    })
    expect(document.querySelector('iframe')).toBeNull()
  })
})
