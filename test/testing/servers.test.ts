import { fromFetch, fromUpload, tus } from 'rxwire'
import { fakeNetwork, recordWire, wireMatchers } from 'rxwire/testing'

expect.extend(wireMatchers)

const net = fakeNetwork()
beforeEach(() => void net.install())
afterEach(() => {
  net.uninstall()
  net.restore()
})

const text = async (url: string, init?: RequestInit) => (await net.implementations.fetch(url, init)).text()

describe('a route', () => {
  it('matches parameters, everything below a path, and one origin', async () => {
    net.route('GET', '/users/:id/posts/:post', (_, { params }) => `${params['id']} ${params['post']}`)
    net.route('GET', '/files/*', (request) => new URL(request.url).pathname)
    net.route('GET', 'https://api.example.com/here', () => 'there')
    expect(await text('/users/a%20b/posts/7')).toBe('a b 7')
    expect(await text('/files/a/b')).toBe('/files/a/b')
    expect(await text('https://api.example.com/here')).toBe('there')
    expect(await text('/here')).toContain('no route')
  })

  it('serves its method only, or all, and the newest one wins', async () => {
    net.route('*', '/item', () => 'any')
    net.route('PUT', '/item', () => 'old')
    net.route('PUT', '/item', () => 'new')
    expect(await text('/item', { method: 'DELETE' })).toBe('any')
    expect(await text('/item', { method: 'PUT' })).toBe('new')
  })

  it('responds with JSON, nothing, or a stream', async () => {
    net.route('GET', '/json', async () => ({ a: 1 }))
    net.route('GET', '/nothing', () => undefined)
    net.route('GET', '/stream', async function* () {
      yield 'one '
      yield new TextEncoder().encode('two')
    })
    const { fetch } = net.implementations
    const json = await fetch('/json')
    expect([json.headers.get('content-type'), await json.json()]).toEqual(['application/json', { a: 1 }])
    expect((await fetch('/nothing')).status).toBe(204)
    expect(await text('/stream')).toBe('one two')
  })

  it('is refused if it is incomplete', () => {
    expect(() => net.route('GET', 'users', () => 1)).toThrow('A path must start with /, got users')
    expect(() => net.route('GET', '/users', undefined as never)).toThrow('handler must be a function')
  })

  it('keeps its requests', async () => {
    const route = net.route('POST', '/orders', () => ({ id: 1 }))
    await net.advance(50)
    recordWire(fromFetch('/orders?draft', { method: 'POST', json: { a: 1 } }))
    await net.advance()
    expect(route.requests).toEqual([
      {
        atMs: 50,
        method: 'POST',
        url: '/orders?draft',
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
        body: '{"a":1}',
      },
    ])
  })

  it('tells the handler when the client leaves', async () => {
    let reason: string | undefined
    net.route('GET', '/held', (_, { signal, wait }) => {
      signal.addEventListener('abort', () => {
        reason = 'left'
      })
      return wait(1_000)
    })
    const seen = recordWire(fromFetch('/held'))
    await net.advance()
    seen.unsubscribe()
    expect(reason).toBe('left')
  })

  it('ends a stream when the client leaves', async () => {
    let isOver = false
    net.route('GET', '/numbers', async function* (_: Request, { wait }: { wait: (ms: number) => Promise<void> }) {
      try {
        for (let n = 0; ; n += 1) {
          yield `${n}\n`
          await wait(10)
        }
      } finally {
        isOver = true
      }
    } as never)
    const leaving = new AbortController()
    net.implementations.fetch('/numbers', { signal: leaving.signal }).then(
      (response) => response.text().catch(() => {}),
      () => {},
    )
    await net.advance(100)
    leaving.abort()
    await net.advance(100)
    expect(isOver).toBe(true)
    expect(net.timers).toBe(0)
  })

  it('drops the connection for a network error, and for an error in a stream', async () => {
    const far = fakeNetwork({ latencyMs: 10 })
    far.route('GET', '/refused', () => Response.error())
    far.route('GET', '/broken', async function* () {
      yield 'one '
      throw new Error('broken')
    })
    const outcomes = ['/refused', '/broken'].map((url) =>
      recordWire(fromFetch(url, { fetch: far.implementations.fetch, responseType: 'text', retry: false })),
    )
    await far.advance(100)
    for (const outcome of outcomes) expect(outcome).toFailWith({ kind: 'network' })
    expect(far.leaks()).toEqual([])
  })

  it('is a 500 and a leak if the handler throws', async () => {
    net.route('GET', '/broken', () => {
      throw new RangeError('a bug')
    })
    expect(await text('/broken')).toBe('The handler of GET /broken threw: RangeError: a bug')
    expect(net.leaks()).toEqual(['The handler of GET /broken threw: RangeError: a bug'])
  })
})

describe('an upload server', () => {
  const file = () => new File(['0123456789'.repeat(1_000)], 'ä.txt', { type: 'text/plain' })

  it('keeps the bytes before a cut, and the upload resumes', async () => {
    const server = net.upload('/files')
    const seen = recordWire(fromUpload('/files', file(), { protocol: tus() }))
    server.cutAfterBytes(4_321)
    await net.advance()
    expect(server.files[0]).toMatchObject({ size: 10_000, isComplete: false })
    expect(server.files[0]?.bytes).toHaveLength(4_321)
    await net.advance(5_000)
    expect(server.requests.map(({ method, headers }) => [method, headers['upload-offset']])).toEqual([
      ['POST', undefined],
      ['PATCH', '0'],
      ['HEAD', undefined],
      ['PATCH', '4321'],
    ])
    expect(seen.isComplete).toBe(true)
    expect(new TextDecoder().decode(server.files[0]?.bytes)).toBe('0123456789'.repeat(1_000))
    expect(server.files[0]).toMatchObject({ isComplete: true, metadata: { filename: 'ä.txt', filetype: 'text/plain' } })
  })

  it('refuses what is not tus', async () => {
    const server = net.upload('/files')
    const { fetch } = net.implementations
    const status = async (method: string, path: string, headers: Record<string, string> = {}) =>
      (await fetch(path, { method, headers })).status
    expect(await status('POST', '/files')).toBe(400)
    expect(await status('GET', '/files')).toBe(405)
    expect(await status('HEAD', '/files/1')).toBe(404)
    expect(await status('POST', '/files', { 'upload-length': '3' })).toBe(201)
    expect(await status('PATCH', '/files/1', { 'upload-offset': '2' })).toBe(409)
    expect(await status('PUT', '/files/1')).toBe(405)
    expect(await status('DELETE', '/files/1')).toBe(204)
    expect(server.files).toEqual([])
  })

  it('is slow as an upload is', async () => {
    const server = net.upload('/files')
    server.slow({ bytesPerSecond: 1_000 })
    const seen = recordWire(fromUpload('/files', file(), { protocol: tus() }))
    await net.advance(5_050)
    const sent = seen.events.flatMap((event) => (event.type === 'progress' ? [event.loaded] : []))
    expect(sent.at(-1)).toBe(5_000)
    seen.unsubscribe()
    expect(net.open).toBe(0)
  })
})
