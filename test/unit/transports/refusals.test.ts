import {
  fromDurableStream,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromXhr,
  type Wire,
  xhrEngine,
} from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

const wires: readonly [name: string, open: () => Wire<unknown>][] = [
  ['fromEventSource', () => fromEventSource('/a')],
  ['fromFetchStream', () => fromFetchStream('/a')],
  ['fromFetch', () => fromFetch('/a')],
  ['fromXhr', () => fromXhr('/a')],
  ['fromPoll', () => fromPoll('/a')],
  ['fromLongPoll', () => fromLongPoll('/a')],
  ['fromDurableStream', () => fromDurableStream('/a')],
]

describe.each(wires)('%s after a refusal', (_, open) => {
  it.each([403, 404, 409, 501])('waits as long as Retry-After asks after a %i', async (status) => {
    const { requests } = net.route('GET', '/a', () => new Response('', { status, headers: { 'retry-after': '10.5' } }))
    const seen = recordWire(open())
    await net.advance(10_499)
    expect(requests).toHaveLength(1)
    await net.advance(6_000)
    expect(requests).toHaveLength(2)
    expect(seen.events.find(({ type }) => type === 'waiting')).toMatchObject({
      cause: { status, retryAfterMs: 10_500 },
    })
  })

  it.each([
    [403, {}],
    [404, { 'retry-after': 'soon' }],
    [409, { 'retry-after': '-5' }],
    [404, { 'retry-after': 'NaN' }],
  ])('fails at once after a %i with %o', async (status, headers) => {
    const { requests } = net.route('GET', '/a', () => new Response('', { status, headers }))
    const seen = recordWire(open())
    await net.advance(60_000)
    expect(requests).toHaveLength(1)
    expect(seen.error).toMatchObject({ status, retryable: false, retryAfterMs: undefined })
  })

  it.each(['1e309', '99999999999999999999', '3000000'])('gives up if Retry-After is %s', async (seconds) => {
    const { requests } = net.route(
      'GET',
      '/a',
      () => new Response('', { status: 503, headers: { 'retry-after': seconds } }),
    )
    recordWire(open())
    await net.advance(600_000)
    // Not sooner than asked; a number that does not parse is no request for a delay.
    if (/^\d+$/.test(seconds)) expect(requests).toHaveLength(1)
    else expect(requests.length).toBeLessThan(100)
  })
})

describe('idempotencyKey', () => {
  it.each<[string, () => Wire<unknown>]>([
    ['fromPoll', () => fromPoll('/a', { method: 'POST', json: 1, idempotencyKey: 'k1' })],
    ['fromLongPoll', () => fromLongPoll('/a', { method: 'POST', json: 1, idempotencyKey: 'k1' })],
    ['fromEventSource', () => fromEventSource('/a', { method: 'POST', json: 1, idempotencyKey: 'k1' })],
    ['fromFetchStream', () => fromFetchStream('/a', { method: 'POST', json: 1, idempotencyKey: 'k1' })],
    ['fromFetch', () => fromFetch('/a', { method: 'POST', json: 1, idempotencyKey: 'k1' })],
    ['fromXhr', () => fromXhr('/a', { method: 'POST', json: 1, idempotencyKey: 'k1' })],
  ])('is sent by %s', async (_, open) => {
    const { requests } = net.route('POST', '/a', () => ({}))
    recordWire(open())
    await net.advance(100)
    expect(requests[0]?.headers['idempotency-key']).toBe('k1')
  })
})

describe('a fetch whose bodies are not web streams', () => {
  it('fails with an error that says what the host lacks', async () => {
    const fetch = async () =>
      ({
        ok: true,
        status: 200,
        statusText: 'OK',
        url: '',
        headers: new Headers(),
        body: { pipe: () => {} },
      }) as unknown as Response
    for (const wire of [fromFetch('/a', { fetch }), fromFetchStream('/a', { fetch }), fromPoll('/a', { fetch })]) {
      const seen = recordWire<unknown>(wire)
      await net.advance(60_000)
      expect(seen.error).toMatchObject({ kind: 'network', retryable: false })
      expect(seen.error?.message).toContain('this fetch returns a body that is not a ReadableStream')
    }
  })
})

describe('the engine xhr', () => {
  it('asks past the HTTP cache at the origin of the page, where that needs no preflight', async () => {
    vi.stubGlobal('location', new URL('http://home.test/page'))
    const requests: (string | undefined)[] = []
    for (const origin of ['http://home.test', 'http://away.test']) {
      const route = net.route('GET', `${origin}/b`, () => 'data: a\n\n', { contentType: 'text/event-stream' })
      recordWire(fromEventSource(`${origin}/b`, { engine: xhrEngine(), reconnect: false }))
      await net.advance(100)
      requests.push(route.requests[0]?.headers['cache-control'])
    }
    vi.unstubAllGlobals()
    expect(requests).toEqual(['no-cache', undefined])
  })
})
