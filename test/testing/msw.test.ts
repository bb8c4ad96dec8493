import { HttpResponse, http, ws } from 'msw'
import { setupServer } from 'msw/node'
import { fromEventSource, fromFetch, fromWebSocket } from 'rxwire'
import { fakeNetwork, recordWire, toMsw } from 'rxwire/testing'
import { vi } from 'vitest'

const net = fakeNetwork()
const fallback = http.get('https://other.example.com/', () => HttpResponse.text('another handler'))
const server = setupServer(...toMsw(net, { http, ws }), fallback)

beforeAll(() => server.listen())
afterAll(() => server.close())

/** Waits in real time, because msw needs timers of its own. */
function untilTrue(condition: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(condition()).toBe(true), { timeout: 20_000 })
}

describe('toMsw', () => {
  it('serves requests that msw intercepts', async () => {
    net.route('POST', 'https://api.example.com/echo', async (request) => ({ got: await request.json() }))
    const seen = recordWire(fromFetch('https://api.example.com/echo', { method: 'POST', json: [1] }))
    await untilTrue(() => seen.isComplete)
    expect(seen.data).toEqual([{ got: [1] }])
  })

  it('serves streams, with their faults', async () => {
    const feed = net.log('https://api.example.com/ticks')
    const seen = recordWire(fromEventSource('https://api.example.com/ticks'))
    feed.send('a')
    await untilTrue(() => seen.data.length === 1)
    feed.cut()
    await untilTrue(() => seen.types.includes('waiting'))
    feed.send('b')
    await untilTrue(() => seen.data.length === 2)
    expect(feed.attempts.map(({ cursor }) => cursor)).toEqual([undefined, '1'])
    seen.unsubscribe()
    await untilTrue(() => net.open === 0)
  })

  it('serves sockets', async () => {
    const route = net.socket('wss://api.example.com/chat', (socket) => {
      socket.onMessage = (frame) => socket.send(`got ${frame}`)
    })
    const seen = recordWire(fromWebSocket('wss://api.example.com/chat', { sendOnOpen: () => ['hello'] }))
    await untilTrue(() => seen.data.length === 1)
    expect(seen.data).toEqual(['got hello'])
    route.close(4000, 'enough')
    await untilTrue(() => !seen.isActive || seen.types.includes('waiting'))
    seen.unsubscribe()
  })

  it('reports a refused connection as a network error', async () => {
    net.route('GET', 'https://api.example.com/down', () => 'never').refuse()
    const seen = recordWire(fromFetch('https://api.example.com/down', { retry: false }))
    await untilTrue(() => seen.error !== undefined)
    expect(seen.error).toMatchObject({ kind: 'network' })
  })

  it('leaves what it has no route for to other handlers', async () => {
    const response = await fetch('https://other.example.com/')
    expect(await response.text()).toBe('another handler')
  })
})
