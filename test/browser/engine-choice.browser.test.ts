import { fromEventSource, fromFetch } from 'rxwire'
import { expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

/** The implementations of the host, each of which records that it was used. */
function noting(used: string[]) {
  const RealXhr = XMLHttpRequest
  const RealEventSource = EventSource
  return {
    XMLHttpRequest: class extends RealXhr {
      constructor() {
        super()
        used.push('xhr')
      }
    },
    EventSource: class extends RealEventSource {
      constructor(url: string, init?: EventSourceInit) {
        super(url, init)
        used.push('native')
      }
    },
  }
}

for (const { missing, expected } of [
  { missing: ['fetch'], expected: 'xhr' },
  { missing: ['fetch', 'XMLHttpRequest'], expected: 'native' },
]) {
  it(`chooses ${expected} on a host without ${missing.join(' and ')}`, async () => {
    const used: string[] = []
    const { XMLHttpRequest: NotingXhr, EventSource: NotingEventSource } = noting(used)
    const url = backend().url('/sse/held', { events: 'data: hello\n\n' })
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    for (const name of missing) vi.stubGlobal(name, undefined)
    const session = record(
      fromEventSource(url, {
        ...(!missing.includes('XMLHttpRequest') && { XMLHttpRequest: NotingXhr }),
        EventSource: NotingEventSource,
      }),
    )
    await session.until('message')
    expect(session.data()).toEqual(['hello'])
    expect(used).toEqual([expected])
  })
}

it('chooses fetch by default', async () => {
  const used: string[] = []
  const session = record(fromEventSource(backend().url('/sse/held', { events: 'data: hello\n\n' }), noting(used)))
  await session.until('message')
  expect(used).toEqual([])
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

it('fails on a host without any engine', async () => {
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  for (const name of ['fetch', 'XMLHttpRequest', 'EventSource']) vi.stubGlobal(name, undefined)
  expect(await record(fromEventSource('/feed')).ended()).toMatchObject({ kind: 'network', retryable: false })
})

it('names CORS and its header when another origin does not respond', async () => {
  const session = record(fromEventSource('http://127.0.0.1:2/unreachable', { reconnect: false }))
  expect(await session.ended()).toMatchObject({
    kind: 'network',
    message: expect.stringMatching(/CORS.*Access-Control-Allow-Origin/),
  })
})
