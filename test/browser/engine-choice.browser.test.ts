import { fromEventSource, fromFetch, fromFetchStream, nativeEngine, xhrEngine } from 'rxwire'
import { expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

for (const engine of [xhrEngine(), nativeEngine()]) {
  it(`connects with the engine ${engine.name} on a host without fetch`, async () => {
    const url = backend().url('/sse/held', { events: 'data: hello\n\n' })
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    vi.stubGlobal('fetch', undefined)
    const session = record(fromEventSource(url, { engine }))
    await session.until('message')
    expect(session.data()).toEqual(['hello'])
  })
}

it('fails on a host without fetch, with an error that names the engine', async () => {
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  vi.stubGlobal('fetch', undefined)
  for (const wire of [fromEventSource('/feed'), fromFetchStream('/feed')]) {
    const message = expect.stringContaining('engine: xhrEngine()')
    expect(await record(wire).ended()).toMatchObject({ kind: 'network', retryable: false, message })
  }
})

it('fails on a host whose fetch would send a stream as text', async () => {
  // Firefox behaves like this.
  const AsText = class extends Request {
    constructor(url: string, init: RequestInit) {
      super(url, { ...init, body: String(init.body) })
    }
  }
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  vi.stubGlobal('Request', AsText)
  const server = backend()
  const body = new Blob(['x']).stream()
  const session = record(fromFetch(server.url('/http/echo'), { method: 'POST', body, retry: false }))
  const message = expect.stringMatching(/cannot send a stream.*Blob/)
  expect(await session.ended()).toMatchObject({ kind: 'network', retryable: false, message })
  expect((await server.stats()).seen).toEqual([])
})

it.each([
  ['XMLHttpRequest', xhrEngine()],
  ['EventSource', nativeEngine()],
] as const)('fails on a host without the %s of its engine', async (name, engine) => {
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  vi.stubGlobal(name, undefined)
  const session = record(fromEventSource('/feed', { engine }))
  expect(await session.ended()).toMatchObject({ kind: 'network', retryable: false })
})

it('names CORS and its header when another origin does not respond', async () => {
  const session = record(fromEventSource('http://127.0.0.1:2/unreachable', { reconnect: false }))
  expect(await session.ended()).toMatchObject({
    kind: 'network',
    message: expect.stringMatching(/CORS.*Access-Control-Allow-Origin/),
  })
})
