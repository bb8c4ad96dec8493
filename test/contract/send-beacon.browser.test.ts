import { sendBeacon } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Backend, backend, type TestProxy } from '../backend.ts'
import { unable } from '../engines/limits.ts'

const KIB = 1024
const headers = { authorization: 'Bearer ada' }

/** A server that does not respond before the test ends, so that every request stays in flight. */
async function silentServer(): Promise<{ server: Backend; proxy: TestProxy; url: string }> {
  const server = backend()
  const proxy = await server.proxy()
  onTestFinished(async () => {
    await proxy.order({ cut: true })
    await server.expectNoConnections()
  })
  return { server, proxy, url: proxy.url('/http/held', { mute: 1 }) }
}

/** The bodies that the server received, as text. */
async function bodies(server: Backend): Promise<string[]> {
  return (await server.stats()).seen.map(({ body }) => body)
}

/** Opens a page in a frame, and resolves after its script has run. */
async function pageWith(script: string): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<!doctype html><script type="module">${script}</script>`
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
  document.body.append(frame)
  await loaded
  return frame
}

describe('sendBeacon', () => {
  it.each<[string, Parameters<typeof sendBeacon>[1], string]>([
    ['nothing', undefined, ''],
    ['text', '\u2603', '\u2603'],
    ['a Blob', new Blob(['blob']), 'blob'],
    ['an ArrayBuffer', new TextEncoder().encode('buffer').buffer, 'buffer'],
    ['the bytes of a view', new TextEncoder().encode('a view').subarray(2), 'view'],
    ['a form', new URLSearchParams({ a: '1', b: '2' }), 'a=1&b=2'],
  ])('sends %s, with and without headers', async (_, body, text) => {
    const server = backend()
    expect(sendBeacon(server.url('/beacon'), body)).toEqual({ accepted: true, by: 'beacon' })
    expect(sendBeacon(server.url('/beacon'), body, { headers })).toEqual({ accepted: true, by: 'keepalive' })
    await expect.poll(() => bodies(server)).toEqual([text, text])
    const { seen } = await server.stats()
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST'])
    expect(seen.map(({ authorization }) => authorization)).toEqual(expect.arrayContaining([undefined, 'Bearer ada']))
  })

  it('sends a value as JSON', async () => {
    const server = backend()
    expect(sendBeacon(server.url('/beacon'), undefined, { json: { a: [1] } })).toMatchObject({ by: 'beacon' })
    await expect.poll(() => bodies(server)).toEqual(['{"a":[1]}'])
  })

  it('sends a form of unknown size without keepalive if there are headers', async () => {
    const server = backend()
    const form = new FormData()
    form.set('name', 'Ada')
    expect(sendBeacon(server.url('/beacon'), form)).toMatchObject({ by: 'beacon' })
    expect(sendBeacon(server.url('/beacon'), form, { headers })).toMatchObject({ by: 'fetch' })
    await expect.poll(async () => (await bodies(server)).filter((body) => body.includes('Ada'))).toHaveLength(2)
  })

  it('calls a custom fetch with keepalive', async () => {
    const server = backend()
    const inits: RequestInit[] = []
    const own = (url: string, init: RequestInit) => {
      inits.push(init)
      return fetch(url, init)
    }
    expect(sendBeacon(server.url('/beacon'), 'x', { fetch: own })).toEqual({ accepted: true, by: 'keepalive' })
    expect(inits).toMatchObject([{ method: 'POST', keepalive: true, credentials: 'include' }])
    await expect.poll(() => bodies(server)).toEqual(['x'])
  })

  it('uses fetch with credentials: `omit`', async () => {
    const server = backend()
    expect(sendBeacon(server.url('/beacon'), 'x', { credentials: 'omit' })).toMatchObject({ by: 'keepalive' })
    await expect.poll(() => bodies(server)).toEqual(['x'])
  })

  const because = unable('limit the size of beacons')
  it.skipIf(because !== '')(`sends a body that is too large for a beacon without keepalive${because}`, async () => {
    const server = backend()
    const text = 'x'.repeat(64 * KIB + 1)
    expect(sendBeacon(server.url('/beacon'), text)).toMatchObject({ accepted: true, by: 'fetch' })
    expect(sendBeacon(server.url('/beacon'), text, { headers })).toMatchObject({ accepted: true, by: 'fetch' })
    await expect.poll(() => bodies(server)).toEqual([`${text.length} bytes`, `${text.length} bytes`])
  })

  const usedUp = `uses fetch when pending beacons have used up the quota of the page${because}`
  it.skipIf(because !== '')(usedUp, async () => {
    const { server, url } = await silentServer()
    const text = 'x'.repeat(40 * KIB)
    expect(sendBeacon(url, text)).toMatchObject({ by: 'beacon' })
    expect(sendBeacon(url, text)).toMatchObject({ by: 'fetch' })
    await expect.poll(() => bodies(server)).toEqual([text, text])
  })

  it('counts the bytes in flight of requests with headers', async () => {
    const { server, url } = await silentServer()
    const text = 'x'.repeat(25 * KIB)
    const receipts = [1, 2, 3].map(() => sendBeacon(url, text, { headers }).by)
    expect(receipts).toEqual(['keepalive', 'keepalive', 'fetch'])
    await expect.poll(() => bodies(server)).toEqual([text, text, text])
  })

  it('frees the quota of requests that have succeeded or failed', async () => {
    const { server, proxy, url } = await silentServer()
    const burst = () => Array.from({ length: 10 }, (_, index) => sendBeacon(url, String(index), { headers }).by)
    const nine = [...Array(9).fill('keepalive'), 'fetch']
    expect(burst()).toEqual(nine)
    await expect.poll(() => server.stats()).toMatchObject({ seen: { length: 6 } })
    await proxy.order({ cut: true, passage: 'refusing' })
    await server.expectNoConnections()
    await expect.poll(burst).toEqual(nine)
  })

  it('reports a failure to send without throwing', () => {
    const fetch = () => {
      throw new Error('no more today')
    }
    const receipt = sendBeacon(backend().url('/beacon'), 'x', { headers, fetch })
    expect(receipt).toEqual({ accepted: false, by: undefined, reason: expect.stringContaining('no more today') })
  })

  it('causes no unhandled rejection when the server is unreachable', async () => {
    const rejections: unknown[] = []
    const seen = (event: PromiseRejectionEvent) => rejections.push(event.reason)
    addEventListener('unhandledrejection', seen)
    onTestFinished(() => removeEventListener('unhandledrejection', seen))
    const proxy = await backend().proxy()
    await proxy.order({ passage: 'refusing' })
    expect(sendBeacon(proxy.url('/beacon'), 'x', { headers })).toMatchObject({ accepted: true })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(rejections).toEqual([])
  })

  it('sends beacons during `pagehide`', async () => {
    const server = backend()
    const frame = await pageWith(`
      import { sendBeacon } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}
      addEventListener('pagehide', () => {
        sendBeacon(${JSON.stringify(server.url('/beacon'))}, 'goodbye')
        sendBeacon(${JSON.stringify(server.url('/beacon'))}, 'and thanks', { headers: { authorization: 'ada' } })
      })
    `)
    frame.remove()
    await expect.poll(async () => (await bodies(server)).sort()).toEqual(['and thanks', 'goodbye'])
  })

  it.each<[string, () => unknown, RegExp]>([
    ['an invalid url', () => sendBeacon('http://['), /url/],
    ['both body and json', () => sendBeacon('/', 'x', { json: 1 }), /exclusive/],
    ['a value without JSON', () => sendBeacon('/', undefined, { json: () => 1 }), /cannot be serialized as JSON/],
    ['a stream', () => sendBeacon('/', new ReadableStream() as never), /stream/],
    ['invalid headers', () => sendBeacon('/', 'x', { headers: { 'a b': '1' } }), /./],
    ['invalid credentials', () => sendBeacon('/', 'x', { credentials: 'some' as never }), /credentials/],
  ])('throws on %s', (_, call, words) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(words)
  })
})
