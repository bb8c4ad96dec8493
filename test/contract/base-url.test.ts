import {
  type BaseUrlOptions,
  fromDurableStream,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromImagePing,
  fromJsonp,
  fromLongPoll,
  fromPoll,
  fromUpload,
  fromWebSocket,
  fromXhr,
  sendBeacon,
  tus,
  type Wire,
} from 'rxwire'
import { describe, expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

type Options = BaseUrlOptions & { readonly headers?: Readonly<Record<string, string>> }

const transports: [name: string, path: string, connect: (url: string, options: Options) => Wire<unknown>][] = [
  ['fromEventSource', '/sse/feed?count=1', fromEventSource],
  ['fromWebSocket', '/ws/echo', (url, options) => fromWebSocket(url, { ...options, sendOnOpen: () => 'hello' })],
  ['fromFetch', '/http/json', fromFetch],
  ['fromFetchStream', '/http/json', fromFetchStream],
  ['fromPoll', '/http/json', fromPoll],
  ['fromLongPoll', '/http/json', fromLongPoll],
  ['fromDurableStream', '/durable/numbers?count=1', fromDurableStream],
  [
    'fromUpload',
    '/upload/tus',
    (url, options) => fromUpload(url, new Blob(['a']), { ...options, protocol: tus(), storage: false }),
  ],
  // Node has no XHR.
  ...(inject('engine') === 'node'
    ? []
    : [['fromXhr', '/http/json', fromXhr] satisfies [string, string, typeof fromXhr]]),
]

/** Transports without headers, which need a page. */
const scripts: typeof transports =
  inject('engine') === 'node'
    ? []
    : [
        ['fromImagePing', '/ping/image', fromImagePing],
        ['fromJsonp', '/jsonp/answer', fromJsonp],
      ]

/** The url of a scenario, as a base and a url that is relative to it. */
function partsOf(href: string) {
  const { origin, pathname, search } = new URL(href)
  return { baseUrl: `${origin}/`, relative: pathname.slice(1) + search }
}

describe('baseUrl', () => {
  it.each([...transports, ...scripts])('of %s is the base of a relative url', async (_, path, connect) => {
    const server = backend()
    const { baseUrl, relative } = partsOf(server.url(path))
    const session = record(connect(relative, { baseUrl }))
    await session.until('message')
  })

  it.each(transports)('of %s keeps credentials from a url with another origin', async (_, path, connect) => {
    const server = backend()
    const { baseUrl } = partsOf((await server.proxy()).url('/'))
    const session = record(connect(server.url(path), { baseUrl, headers: { 'x-api-key': 'secret' } }))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'network', retryable: false })
    expect(String(error)).toContain('has another origin than baseUrl')
    expect((await server.stats()).seen).toEqual([])
  })

  it('of a beacon is the base of its url, and keeps headers from another origin', async () => {
    const server = backend()
    const { baseUrl, relative } = partsOf(server.url('/beacon'))
    const headers = { 'x-api-key': 'secret' }
    expect(sendBeacon(relative, 'a', { baseUrl })).toMatchObject({ accepted: true })
    await expect.poll(async () => (await server.stats()).seen.length).toBe(1)
    const away = sendBeacon(server.url('/beacon'), 'b', { baseUrl: 'https://api.example/', headers })
    expect(away).toMatchObject({ accepted: false, reason: expect.stringContaining('another origin than baseUrl') })
  })

  it.each([
    ['ticks', 'https://api.example/v1/', 'https://api.example/v1/ticks'],
    ['/ticks', 'https://api.example/v1/', 'https://api.example/ticks'],
    ['ticks', 'https://api.example/v1', 'https://api.example/ticks'],
    ['?of=a', 'https://api.example/v1', 'https://api.example/v1?of=a'],
    ['https://other.example/ticks', 'https://api.example/v1/', 'https://other.example/ticks'],
    ['ticks', new URL('https://api.example/v1/'), 'https://api.example/v1/ticks'],
  ])('resolves %s below %s as a browser does', async (url, baseUrl, expected) => {
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return new Response('{}')
    }
    await record(fromFetch(url, { baseUrl, fetch })).ended()
    expect(asked).toEqual([expected])
  })

  it.each([
    ['http://[', /^baseUrl must be a valid URL/],
    ['ftp://api.example/', /^baseUrl must have one of the schemes http: https:/],
    ['https://ada:secret@api.example/', /^baseUrl must not contain credentials/],
  ])('%s is refused at the call', (baseUrl, message) => {
    for (const [, , connect] of transports) expect(() => connect('ticks', { baseUrl })).toThrow(message)
    expect(() => sendBeacon('ticks', '', { baseUrl })).toThrow(message)
  })
})
