import { fakeNetwork } from 'rxwire/testing'

// Code that knows nothing of rxwire uses the globals.
const net = fakeNetwork()
beforeEach(() => void net.install())
afterEach(() => {
  net.uninstall()
  net.restore()
})

/** What a promise has settled with after everything has arrived. */
async function outcome<T>(promise: Promise<T>): Promise<T | { error: unknown } | 'pending'> {
  let result: T | { error: unknown } | 'pending' = 'pending'
  promise.then(
    (value) => {
      result = value
    },
    (error: unknown) => {
      result = { error }
    },
  )
  await net.advance()
  return result
}

describe('fetch', () => {
  it('sends every kind of body with its content type', async () => {
    const route = net.route('POST', '/echo', async (request) => [
      request.headers.get('content-type'),
      await request.text(),
    ])
    const form = new FormData()
    form.append('name', 'Ada "A"')
    form.append('file', new Blob(['abc'], { type: 'text/plain' }), 'a.txt')
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('streamed'))
        controller.close()
      },
    })
    const bodies = ['text', new URLSearchParams({ a: '1' }), new Blob(['blob'], { type: 'image/png' }), form, stream]
    const init = { duplex: 'half' }
    const sent = [...bodies, new TextEncoder().encode('bytes')].map(async (body) =>
      (await fetch('/echo', { method: 'post', body: body as BodyInit, ...init })).json(),
    )
    const [text, search, blob, multipart, streamed, bytes] = (await outcome(Promise.all(sent))) as [string, string][]
    expect(text).toEqual(['text/plain;charset=UTF-8', 'text'])
    expect(search).toEqual(['application/x-www-form-urlencoded;charset=UTF-8', 'a=1'])
    expect(blob).toEqual(['image/png', 'blob'])
    expect(multipart?.[0]).toMatch(/^multipart\/form-data; boundary=/)
    expect(multipart?.[1]).toContain('name="name"\r\n\r\nAda "A"\r\n')
    // The FormData of happy-dom ignores the file name.
    const file = /name="file"; filename="(a\.txt|blob)"\r\ncontent-type: text\/plain\r\n\r\nabc\r\n/
    expect(multipart?.[1]).toMatch(file)
    expect(streamed?.[1]).toBe('streamed')
    expect(bytes?.[1]).toBe('bytes')
    expect(route.requests.map(({ method, url }) => [method, url])).toEqual(Array(6).fill(['POST', '/echo']))
  })

  it('takes a Request', async () => {
    net.route('PUT', '/items/:id', async (request, { params }) => ({ ...params, body: await request.text() }))
    const request = new Request(new URL('/items/7?x=1', 'http://localhost/'), { method: 'PUT', body: 'new' })
    expect(await outcome(fetch(request).then((response) => response.json()))).toEqual({ id: '7', body: 'new' })
  })

  it('responds with the status, headers, URL and body of the server', async () => {
    net.route('GET', '/teapot', () => new Response('short and stout', { status: 418, headers: { 'x-pot': '1' } }))
    const response = (await outcome(fetch('/teapot'))) as Response
    expect([response.status, response.ok, response.headers.get('x-pot')]).toEqual([418, false, '1'])
    expect(new URL(response.url).pathname).toBe('/teapot')
    expect(await outcome(response.text())).toBe('short and stout')
  })

  it('rejects with the reason when it is aborted, before and after the head', async () => {
    const feed = net.log('/sse')
    const headers = { accept: 'text/event-stream' }
    const early = new AbortController()
    feed.stall()
    const pending = fetch('/sse', { headers, signal: early.signal })
    await net.advance()
    early.abort(new Error('changed my mind'))
    expect(await outcome(pending)).toEqual({ error: new Error('changed my mind') })
    feed.stall(false)
    const late = new AbortController()
    const response = (await outcome(fetch('/sse', { headers, signal: late.signal }))) as Response
    const text = response.text()
    late.abort()
    expect(await outcome(text)).toMatchObject({ error: { name: 'AbortError' } })
    expect(await outcome(fetch('/sse', { signal: late.signal }))).toMatchObject({ error: { name: 'AbortError' } })
    expect(net.open).toBe(0)
  })

  it('ends the connection when the body is cancelled', async () => {
    net.log('/sse')
    const response = (await outcome(fetch('/sse', { headers: { accept: 'text/event-stream' } }))) as Response
    expect(net.open).toBe(1)
    await outcome(response.body?.cancel() ?? Promise.reject())
    expect(net.open).toBe(0)
  })

  it('does not take more from the server than is read', async () => {
    let sent = 0
    net.route('GET', '/large', async function* () {
      for (; sent < 100; sent += 1) yield 'x'.repeat(16 * 1024)
    })
    const response = (await outcome(fetch('/large'))) as Response
    expect(sent).toBeLessThan(10)
    expect(await outcome(response.text())).toHaveLength(100 * 16 * 1024)
  })

  it('is complete when a short body has arrived, read or not', async () => {
    net.route('POST', '/save', () => ({ ok: true }))
    const response = (await outcome(fetch('/save', { method: 'POST' }))) as Response
    expect([response.ok, net.open]).toEqual([true, 0])
  })

  it('follows redirects, or not', async () => {
    net.route('POST', '/old', () => new Response(null, { status: 303, headers: { location: '/new?a=1' } }))
    net.route('GET', '/new', (request) => request.method)
    net.route('GET', '/round', () => new Response(null, { status: 302, headers: { location: '/round' } }))
    const followed = (await outcome(fetch('/old', { method: 'POST', body: 'x' }))) as Response
    expect([followed.redirected, new URL(followed.url).search]).toEqual([true, '?a=1'])
    expect(await outcome(followed.text())).toBe('GET')
    expect(await outcome(fetch('/old', { method: 'POST', redirect: 'error' }))).toMatchObject({
      error: { name: 'TypeError' },
    })
    expect(await outcome(fetch('/old', { method: 'POST', redirect: 'manual' }))).toMatchObject({ status: 303 })
    expect(await outcome(fetch('/round'))).toMatchObject({ error: { name: 'TypeError' } })
  })

  it('gets a 404 with the remedy from a path without a route', async () => {
    const response = (await outcome(fetch('/nothing', { method: 'DELETE' }))) as Response
    expect(response.status).toBe(404)
    const text =
      "The fake network has no route for DELETE /nothing. Add one with route('DELETE', '/nothing', …) or log('…')."
    expect(await outcome(response.text())).toBe(text)
    expect(net.leaks()).toContain(text)
  })
})

describe('EventSource', () => {
  it('delivers events, reconnects by itself with the last id, and closes', async () => {
    const feed = net.log('/sse')
    const seen: unknown[] = []
    const source = new EventSource('/sse')
    source.onopen = () => seen.push('open')
    source.onmessage = ({ data, lastEventId }) => seen.push([data, lastEventId])
    source.addEventListener('named', ({ data }) => seen.push(['named', data]))
    source.onerror = () => seen.push(['error', source.readyState])
    feed.send('a\nb')
    feed.send('c', { name: 'named', id: 'x' })
    await net.advance()
    feed.cut()
    await net.advance(2_999)
    expect(seen).toEqual(['open', ['a\nb', '1'], ['named', 'c'], ['error', source.CONNECTING]])
    await net.advance(1)
    expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: 3_000, cursor: 'x' }])
    source.close()
    feed.send('d')
    await net.advance(10_000)
    expect(seen).toHaveLength(5)
    expect([source.readyState, net.open]).toEqual([source.CLOSED, 0])
  })

  it('obeys the retry of the server', async () => {
    const feed = net.log('/sse', { retryMs: 100 })
    const source = new EventSource('/sse')
    await net.advance()
    feed.cut()
    await net.advance(100)
    expect(feed.attempts).toHaveLength(2)
    source.close()
  })

  it.each([204, 500])('gives up after %i', async (status) => {
    const feed = net.log('/sse')
    feed.answer(status)
    const source = new EventSource('/sse')
    await net.advance(60_000)
    expect([source.readyState, feed.attempts.length]).toEqual([source.CLOSED, 1])
  })
})

describe('WebSocket', () => {
  it('exchanges texts and bytes with the server in order', async () => {
    const route = net.socket('/echo', (socket) => {
      socket.send('hello')
      socket.onMessage = (frame) => socket.send(typeof frame === 'string' ? `got ${frame}` : frame)
    })
    const socket = new WebSocket('/echo', ['v2', 'v1'])
    socket.binaryType = 'arraybuffer'
    const seen: unknown[] = []
    socket.onopen = () => {
      seen.push(socket.protocol)
      socket.send(new Blob(['blob']))
      socket.send('text')
      socket.send(new Uint8Array([1, 2]))
    }
    socket.onmessage = ({ data }) => seen.push(typeof data === 'string' ? data : [...new Uint8Array(data)])
    expect(() => socket.send('too early')).toThrow()
    await net.advance()
    expect(seen).toEqual(['v2', 'hello', [...new TextEncoder().encode('blob')], 'got text', [1, 2]])
    expect(route.received).toHaveLength(3)
    route.send({ to: 'all' })
    await net.advance()
    expect(seen.at(-1)).toBe('{"to":"all"}')
  })

  it('chooses a subprotocol that the server knows', async () => {
    net.socket('/v1', () => {}, { protocols: ['v1'] })
    const [one, none] = [new WebSocket('/v1', ['v2', 'v1']), new WebSocket('/v1', ['v2'])]
    await net.advance()
    expect([one.protocol, none.protocol]).toEqual(['v1', ''])
  })

  it('closes from both sides with a code, and is lost with 1006', async () => {
    const closes: unknown[] = []
    const ends: unknown[] = []
    const route = net.socket('/chat', (socket) => {
      socket.onClose = (code, reason) => ends.push([code, reason])
    })
    const open = () => {
      const socket = new WebSocket('/chat')
      socket.onclose = ({ code, reason, wasClean }) => closes.push([code, reason, wasClean])
      return socket
    }
    const mine = open()
    await net.advance()
    mine.close(4000, 'bye')
    await net.advance()
    open()
    await net.advance()
    route.close(1001)
    await net.advance()
    open()
    await net.advance()
    route.cut()
    await net.advance()
    route.answer(401)
    open()
    await net.advance()
    const early = open()
    early.close()
    await net.advance()
    expect(closes).toEqual([
      [4000, 'bye', true],
      [1001, '', true],
      [1006, '', false],
      [1006, '', false],
      [1006, '', false],
    ])
    expect(ends).toEqual([
      [4000, 'bye'],
      [1001, ''],
      [1006, ''],
    ])
    expect(net.open).toBe(0)
    expect(() => mine.close(1001)).toThrow('1001')
  })

  it('counts what it could not send yet', async () => {
    const route = net.socket('/slow')
    const socket = new WebSocket('/slow')
    await net.advance()
    route.slow({ bytesPerSecond: 1_000 })
    socket.send('x'.repeat(1_000))
    socket.send('x'.repeat(1_000))
    expect(socket.bufferedAmount).toBe(2_000)
    await net.advance(1_500)
    expect(socket.bufferedAmount).toBe(1_000)
    expect(route.received).toHaveLength(1)
    socket.close()
    expect(net.open).toBe(0)
  })
})

describe('XMLHttpRequest', () => {
  const send = (method: string, url: string, body?: XMLHttpRequestBodyInit) => {
    const xhr = new XMLHttpRequest()
    const seen: string[] = []
    for (const type of ['load', 'error', 'abort', 'timeout', 'loadend'])
      xhr.addEventListener(type, () => seen.push(type))
    const sent: number[] = []
    xhr.upload.onprogress = ({ loaded }) => sent.push(loaded)
    xhr.open(method, url)
    const start = () => xhr.send(body)
    return { xhr, seen, sent, start }
  }

  it('reports its states, its headers and its text while it arrives', async () => {
    net.route('GET', '/slow', async function* (_: Request, { wait }: { wait: (ms: number) => Promise<void> }) {
      yield 'one '
      await wait(1_000)
      yield 'two'
    } as never)
    const { xhr, seen, start } = send('GET', '/slow')
    const states: unknown[] = []
    xhr.onreadystatechange = () => states.push([xhr.readyState, xhr.responseText])
    start()
    await net.advance(500)
    expect(states).toEqual([
      [2, ''],
      [3, 'one '],
    ])
    await net.advance(500)
    expect(states.slice(2)).toEqual([
      [3, 'one two'],
      [4, 'one two'],
    ])
    expect(xhr.getResponseHeader('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(xhr.getAllResponseHeaders()).toBe('content-type: text/plain; charset=utf-8\r\n')
    expect(seen).toEqual(['load', 'loadend'])
  })

  it('reports the progress of an upload', async () => {
    const route = net.route('POST', '/files', () => ({ ok: true }))
    route.slow({ bytesPerSecond: 1_000 })
    const { xhr, sent, start } = send('POST', '/files', new Blob(['x'.repeat(1_000)]))
    xhr.responseType = 'json'
    start()
    await net.advance(550)
    expect(sent).toEqual([100, 200, 300, 400, 500])
    await net.advance(1_000)
    expect(sent.at(-1)).toBe(1_000)
    expect(xhr.response).toEqual({ ok: true })
  })

  it('fails with an error, a timeout or an abort, and then has no response', async () => {
    const route = net.route('GET', '/held', (_, { wait }) => wait(60_000))
    const [cut, late, left] = [send('GET', '/held'), send('GET', '/held'), send('GET', '/held')]
    late.xhr.timeout = 1_000
    late.start()
    await net.advance(1_000)
    left.start()
    await net.advance()
    left.xhr.abort()
    cut.start()
    await net.advance()
    route.cut()
    await net.advance()
    expect([cut.seen, late.seen, left.seen]).toEqual([
      ['error', 'loadend'],
      ['timeout', 'loadend'],
      ['abort', 'loadend'],
    ])
    expect([cut.xhr.status, cut.xhr.response, net.open]).toEqual([0, '', 0])
  })

  it('cannot be synchronous', () => {
    expect(() => new XMLHttpRequest().open('GET', '/sync', false)).toThrow('no synchronous requests')
  })

  it('cannot be sent before it is open', () => {
    expect(() => new XMLHttpRequest().send()).toThrow('not open')
    expect(() => new XMLHttpRequest().setRequestHeader('a', 'b')).toThrow('not open')
  })
})
