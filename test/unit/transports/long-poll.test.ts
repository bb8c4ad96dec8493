import { fromLongPoll, fromPoll } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

/** Serves `/poll`, and returns how many requests were sent in the seconds so far. */
function serve(handler: (n: number) => unknown) {
  let n = 0
  const route = net.route('GET', '/poll', (_, { wait }) => {
    n += 1
    const result = handler(n)
    return typeof result === 'number' ? wait(result).then(() => undefined) : result
  })
  return route
}

const json = (body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', ...headers } })
const status = (code: number, headers: Record<string, string> = {}) => new Response(null, { status: code, headers })

describe('a long poll whose server responds at once', () => {
  it.each<[string, (n: number) => Response, number]>([
    ['without a cursor', () => json([1]), 12],
    ['with the same ETag', () => json([1], { etag: '"a"' }), 12],
    ['with a malformed ETag', (n) => json([1], { etag: `${n}` }), 12],
    ['with 204', () => status(204), 12],
    ['with 304', () => status(304), 12],
    ['with news', (n) => json([n], { etag: `"${n}"` }), 301],
    ['with 502', () => status(502), 12],
    ['with 503', () => status(503), 12],
    ['with 502 and Retry-After', () => status(502, { 'retry-after': '10' }), 4],
    ['with 429 and Retry-After', () => status(429, { 'retry-after': '10' }), 4],
  ])('%s is asked at a bounded rate', async (_, respond, most) => {
    const route = serve(respond)
    recordWire(fromLongPoll('/poll'))
    await net.advance(30_000)
    expect(route.requests.length).toBeGreaterThan(1)
    expect(route.requests.length).toBeLessThanOrEqual(most)
  })

  it('with 502 is not open', async () => {
    serve(() => status(502))
    const seen = recordWire(fromLongPoll('/poll'))
    await net.advance()
    expect(seen).toEmit(['connecting', { type: 'waiting', attempt: 1 }])
  })

  it('with 404 is final', async () => {
    serve(() => status(404))
    const seen = recordWire(fromLongPoll('/poll'))
    await net.advance()
    expect(seen).toFailWith({ status: 404 })
  })
})

describe('a long poll that is held', () => {
  it.each([204, 304])('continues soon after %i', async (code) => {
    const route = net.route('GET', '/poll', async (_, { wait }) => {
      await wait(25_000)
      return status(code)
    })
    recordWire(fromLongPoll('/poll'))
    await net.advance(60_000)
    expect(route.requests.map(({ atMs }) => Math.floor(atMs / 1_000))).toEqual([0, 25, 50])
  })

  it.each([502, 504])('takes %i of a proxy that has waited as no news', async (code) => {
    net.route('GET', '/poll', async (_, { wait }) => {
      await wait(30_000)
      return status(code)
    })
    const seen = recordWire(fromLongPoll('/poll'))
    await net.advance(70_000)
    expect(seen.types).not.toContain('waiting')
    expect(seen.types.filter((type) => type === 'progress')).toHaveLength(2)
  })

  it('fails with a timeout if there is no head in time', async () => {
    net.route('GET', '/poll', (_, { wait }) => wait(3_600_000))
    const seen = recordWire(fromLongPoll('/poll'))
    await net.advance(35_000)
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', attempt: 1, cause: { kind: 'timeout' } })
    expect(net.open).toBe(0)
  })

  it('does not cut a body that takes longer than the hold', async () => {
    net.route(
      'GET',
      '/poll',
      async function* (_, { wait }) {
        for (let n = 0; n < 10; n += 1) {
          yield n === 0 ? '[' : `${n},`
          await wait(10_000)
        }
        yield '10]'
      },
      { contentType: 'application/json' },
    )
    const seen = recordWire(fromLongPoll('/poll'))
    await net.advance(101_000)
    expect(seen.data[0]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('the cursor of a long poll', () => {
  it('is both validators of a response, and they are sent back together', async () => {
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT'
    const route = serve((n) => (n === 1 ? json(['a'], { etag: 'W/"1"', 'last-modified': date }) : 60_000))
    const seen = recordWire(fromLongPoll('/poll'))
    await net.advance(1_000)
    expect(seen.events).toContainEqual({ type: 'message', data: ['a'], id: `W/"1" ${date}` })
    expect(route.requests[1]?.headers).toMatchObject({ 'if-none-match': 'W/"1"', 'if-modified-since': date })
  })

  it('stays when a 304 repeats only one of its validators', async () => {
    const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
    const headers = { 'last-modified': date }
    const route = serve((n) => (n === 1 ? json(1, { etag: '"1"', ...headers }) : status(304, headers)))
    recordWire(fromLongPoll('/poll'))
    await net.advance(2_000)
    expect(route.requests.at(-1)?.headers).toMatchObject({ 'if-none-match': '"1"', 'if-modified-since': date })
  })

  it('is forgotten when a message comes without validators', async () => {
    const route = serve((n) => (n === 1 ? json([1], { etag: '"1"' }) : n === 2 ? json([2]) : 60_000))
    recordWire(fromLongPoll('/poll'))
    await net.advance(2_000)
    expect(route.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', undefined])
  })

  it('stays where it was after a response whose cursor cannot be sent back', async () => {
    const route = serve((n) => (n < 3 ? json([n], { 'x-next': n === 1 ? '7' : '8'.repeat(5_000) }) : 60_000))
    recordWire(fromLongPoll('/poll', { readCursor: { header: 'x-next' } }))
    await net.advance(5_000)
    expect(route.requests.map(({ url }) => url)).toEqual(['/poll', '/poll?cursor=7', '/poll?cursor=7'])
  })

  it('does not deliver what it has delivered before', async () => {
    serve((n) => (n < 4 ? json(['a'], { 'x-index': '7' }) : 60_000))
    const options = { readCursor: { header: 'x-index' }, sendCursor: { query: 'index' } }
    const seen = recordWire(fromLongPoll('/poll', options))
    await net.advance(5_000)
    expect(seen).toDeliver([['a']])
  })

  it('ends the wire with the response that says so, after its messages', async () => {
    serve((n) => json([n], { etag: `"${n}"`, ...(n === 2 && { 'x-last': '1' }) }))
    const seen = recordWire(fromLongPoll('/poll', { endsOnResponse: ({ headers }) => headers.has('x-last') }))
    await net.advance(1_000)
    expect(seen).toDeliver([[1], [2]])
    expect(seen.isComplete).toBe(true)
  })
})

describe('fromPoll', () => {
  it('sends both validators back, and forgets them', async () => {
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT'
    const route = serve((n) => (n === 1 ? json(1, { etag: '"1"', 'last-modified': date }) : json(n)))
    recordWire(fromPoll('/poll', { everyMs: 1_000 }))
    await net.advance(2_500)
    const sent = route.requests.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']])
    expect(sent).toEqual([
      [undefined, undefined],
      ['"1"', date],
      [undefined, undefined],
    ])
  })

  it('does not deliver an unchanged response again that comes without a 304', async () => {
    serve((n) => json(n < 3 ? 'a' : 'b', { etag: n < 3 ? '"1"' : '"2"' }))
    const seen = recordWire(fromPoll('/poll', { everyMs: 1_000 }))
    await net.advance(5_000)
    expect(seen).toDeliver(['a', 'b'])
  })

  it.each([
    ['5', 5_000],
    ['nonsense', 30_000],
    ['0.0001', 250],
  ])('polls at the interval %s that the server sets', async (interval, expectedMs) => {
    const route = serve((n) => json(n, { 'x-poll-interval': interval }))
    recordWire(fromPoll('/poll', { everyMs: ({ headers }) => Number(headers.get('x-poll-interval')) * 1_000 }))
    await net.advance(expectedMs * 1.1)
    expect(route.requests).toHaveLength(2)
    expect(route.requests[1]?.atMs).toBeGreaterThan(expectedMs * 0.9)
  })
})
