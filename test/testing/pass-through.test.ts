import { fakeNetwork, type InstallOptions } from 'rxwire/testing'

const net = fakeNetwork()
const { fetch: hostFetch, WebSocket: HostSocket } = globalThis

/** A socket of the host, which connects to nothing. */
class RealSocket {
  static readonly OPEN = 1
  readonly isReal = true
}

beforeEach(() => {
  globalThis.fetch = async (input) => new Response(`real ${input instanceof Request ? input.url : input}`)
  globalThis.WebSocket = RealSocket as never
})
afterEach(() => {
  net.uninstall()
  globalThis.fetch = hostFetch
  globalThis.WebSocket = HostSocket
})

function install(passThrough: InstallOptions['passThrough']): void {
  net.route('POST', '/api/*', () => 'fake')
  net.socket('/api/socket')
  net.install({ passThrough })
}

const answer = async (url: string, init?: RequestInit) => (await fetch(url, init)).text()
const post = { method: 'POST' }

describe('passThrough', () => {
  it('sends what has no route to the real network', async () => {
    install(true)
    expect(await answer('/api/a', post)).toBe('fake')
    expect(await answer('/api/a')).toBe('real /api/a')
    expect(await answer('/other', post)).toBe('real /other')
    expect(await (await fetch(new Request('http://localhost/other', post))).text()).toBe('real http://localhost/other')
    expect('isReal' in new WebSocket('/api/socket')).toBe(false)
    expect('isReal' in new WebSocket('/other')).toBe(true)
    expect(WebSocket.OPEN).toBe(1)
  })

  it('lets a function decide, with or without a route', async () => {
    install(({ host, pathname }) => host === 'real.example' || pathname === '/page')
    expect(await answer('/api/a', post)).toBe('fake')
    expect(await answer('https://real.example/api/a', post)).toBe('real https://real.example/api/a')
    expect(await answer('/page')).toBe('real /page')
    expect(await answer('/other')).toContain('The fake network has no route for GET /other.')
    expect('isReal' in new WebSocket('wss://real.example/api/socket')).toBe(true)
    expect('isReal' in new WebSocket('/api/socket')).toBe(false)
  })

  it('rejects an invalid URL like the real network', async () => {
    install(true)
    await expect(fetch('http://[')).rejects.toMatchObject({ name: 'TypeError' })
  })
})
