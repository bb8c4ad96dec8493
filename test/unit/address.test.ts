import { fromEventSource, fromFetch, fromPoll, fromWebSocket, isWireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { addressOf, parseAddress, SOCKET_SCHEMES } from '../../src/address.ts'
import { record } from '../record.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

describe('parseAddress', () => {
  it.each([
    [
      'localhost:3000/events',
      /^url must have one of the schemes http: .*, got localhost:\. Write http:\/\/localhost:3000/,
    ],
    ['mailto:a@example.test', /got mailto:$/],
    ['javascript:alert(1)', /got javascript:$/],
    ['ws://example.test/', /got ws:$/],
    ['http://example.test:6000/', /^url has the port 6000, which browsers block$/],
    ['http://ada:secret@example.test/', /^url must not contain credentials$/],
    ['http://[', /^url must be a valid URL, got 'http:\/\/\['$/],
    ['http://a b/?token=secret', /^url must be a valid URL, got 'http:\/\/a b\/'$/],
    ['http://ada:sec/ret@example.test/', /^url must be a valid URL, got 'http:\/\/example.test\/'$/],
    ['ada:1secret@example.test', /got ada:$/],
    [7, /^url must be a valid URL, got number$/],
    [undefined, /^url must be a valid URL, got undefined$/],
  ])('refuses %s', (value, message) => {
    expect(() => parseAddress('url', value, 'http://home.test/')).toThrow(TypeError)
    expect(() => parseAddress('url', value, 'http://home.test/')).toThrow(message)
  })

  it.each([
    '/relative',
    'https://example.test/',
    'blob:https://example.test/1',
    'data:,a',
    'http://example.test:8080/',
  ])('accepts %s', (value) => {
    expect(() => parseAddress('url', value, 'https://home.test/')).not.toThrow()
  })

  it('accepts the scheme of the page, as in a native shell', () => {
    expect(parseAddress('url', '/a', 'capacitor://localhost/index.html').href).toBe('capacitor://localhost/a')
  })

  it('refuses a relative URL on a host without a page', () => {
    expect(() => parseAddress('url', '/a', undefined)).toThrow(/got '\/a'\. This host has no page/)
  })

  it('accepts ws: for a socket only', () => {
    expect(parseAddress('url', 'ws://a.test/', undefined, SOCKET_SCHEMES).href).toBe('ws://a.test/')
    expect(() => parseAddress('url', 'data:,a', undefined, SOCKET_SCHEMES)).toThrow(/got data:$/)
  })
})

describe('addressOf', () => {
  it.each([
    ['https://ada:secret@example.test/a?token=secret#secret', 'https://example.test/a'],
    ['//ada:secret@example.test/a', '//example.test/a'],
    ['/a@b?c', '/a@b'],
    ['data:text/plain,secret', 'data:…'],
    ['blob:https://example.test/secret', 'blob:…'],
    ['http://[?secret', 'http://['],
  ])('shows %s as %s', (url, shown) => {
    expect(addressOf(url)).toBe(shown)
  })
})

describe('a URL that a function returns', () => {
  it.each([
    'localhost:3000/events',
    'mailto:a@example.test',
    'http://ada:secret@example.test/',
    'http://example.test:6000/',
  ])('ends the wire at once for %s', async (url) => {
    for (const wire of [
      fromEventSource(() => url),
      fromFetch(() => url),
      fromPoll(() => url),
      fromWebSocket(() => url),
    ]) {
      const session = record(wire)
      await net.advance(60_000)
      expect(session.end).toMatchObject({ kind: 'network', retryable: false })
      if (isWireError(session.end)) expect(session.end.message).toMatch(/^url /)
      expect(String(session.end)).not.toContain('secret')
      expect(session.events.filter(({ type }) => type === 'connecting')).toHaveLength(1)
    }
  })

  it.each<[HeadersInit, string]>([
    [{ authorization: 'sec\nret' }, "headers must be valid: the value of 'authorization' has characters"],
    [[['authorization', 'secrét€']], "headers must be valid: the value of 'authorization' has characters"],
    [{ 'not a name': 'secret' }, 'headers must be valid: one of the names has characters'],
  ])('names an invalid header without its value, for %o', async (headers, message) => {
    const session = record(fromEventSource('http://example.test/', { headers: () => headers }))
    await net.advance(60_000)
    expect(session.end).toMatchObject({ kind: 'network', retryable: false, message: expect.stringContaining(message) })
    expect(String(session.end)).not.toContain('ret')
    expect(() => fromEventSource('http://example.test/', { headers })).toThrow(message)
  })

  it('names no subprotocol, which may be a token', async () => {
    const session = record(fromWebSocket('ws://example.test/', { protocols: () => ['secret token'] }))
    await net.advance(60_000)
    expect(session.end).toMatchObject({ retryable: false, message: 'protocols must be unique tokens' })
  })
})
