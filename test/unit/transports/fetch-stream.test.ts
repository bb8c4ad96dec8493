import { fromEventSource, fromFetchStream, lines, ndjson, sse, text } from 'rxwire'
import { type RouteHandler, recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

const EVENTS = 'text/event-stream'

/** A response of these pieces. */
function serve(contentType: string, ...pieces: string[]) {
  const handler: RouteHandler = async function* () {
    yield* pieces
  }
  return net.route('*', '/answer', handler, { contentType })
}

describe('fromFetchStream with a body that is not whole', () => {
  it.each([
    ['sse: an event without its blank line', sse(), EVENTS, 'data: a\n\ndata: b\n'],
    ['ndjson: half a line', ndjson(), 'application/x-ndjson', '{"a":1}\n{"b":'],
  ])('fails as truncated (%s)', async (_, decode, type, body) => {
    serve(type, body)
    const seen = recordWire(fromFetchStream('/answer', { decode, retry: false }))
    await net.advance()
    expect(seen.data).toHaveLength(1)
    expect(seen).toFailWith({ kind: 'truncated' })
  })

  it.each([
    ['sse', sse(), EVENTS, 'data: a\n\n: bye\n', [{ data: 'a' }]],
    ['ndjson', ndjson(), 'application/x-ndjson', '1\n{"b":2}', [1, { b: 2 }]],
    ['lines', lines(), 'text/plain', 'a\nb', ['a', 'b']],
  ])('delivers a last record that only lacks its separator (%s)', async (_, decode, type, body, expected) => {
    serve(type, body)
    const seen = recordWire(fromFetchStream('/answer', { decode }))
    await net.advance()
    expect(seen).toDeliver(expected)
    expect(seen.isComplete).toBe(true)
  })
})

describe('fromFetchStream with another content type', () => {
  it.each([
    ['text()', text(), 'text/html; charset=utf-8', 'text/html'],
    ['lines()', lines(), 'TEXT/HTML', 'text/html'],
    ['sse()', sse(), 'application/json', 'application/json'],
  ])('fails if %s gets %s', async (_, decode, type, shown) => {
    const route = serve(type, 'data: a\n\n')
    const seen = recordWire(fromFetchStream<unknown>('/answer', { decode }))
    await net.advance(10_000)
    expect(seen).toFailWith({
      name: 'HttpError',
      status: 200,
      retryable: false,
      message: expect.stringContaining(shown),
    })
    expect([route.requests.length, net.open]).toEqual([1, 0])
  })

  it('accepts it if it is told to', async () => {
    serve('application/json', 'data: a\n\n')
    const seen = recordWire(fromFetchStream('/answer', { decode: sse(), contentType: 'ignore' }))
    await net.advance()
    expect(seen).toDeliver([{ data: 'a' }])
  })

  it('accepts a response without a body', async () => {
    net.route('GET', '/answer', () => undefined)
    const seen = recordWire(fromFetchStream('/answer', { decode: sse() }))
    await net.advance()
    expect(seen.isComplete).toBe(true)
  })
})

describe('a request with resume: true', () => {
  const post = { method: 'POST', json: { pay: 5 }, decode: sse(), resume: true } as const

  it.each([
    ['fromFetchStream', () => fromFetchStream('/answer', post)],
    ['fromEventSource', () => fromEventSource('/answer', { method: 'POST', json: { pay: 5 }, resume: true })],
  ])('is not repeated without an id to resume after (%s)', async (_, make) => {
    const route = serve(EVENTS, 'data: Once\n\n', 'data: upon\n\n')
    route.cutAfterBytes(15)
    const seen = recordWire<unknown>(make())
    await net.advance(60_000)
    expect(route.requests).toHaveLength(1)
    expect(seen).toFailWith({ kind: 'network', message: expect.stringContaining('no id to resume after') })
  })

  it.each([
    ['fromFetchStream', 'id:\n\n', () => fromFetchStream('/answer', post)],
    [
      'fromEventSource',
      'id:\n\n',
      () => fromEventSource('/answer', { method: 'POST', json: { pay: 5 }, resume: true }),
    ],
    ['fromFetchStream, GET', 'id:\n\n', () => fromFetchStream('/answer', { decode: sse(), resume: true })],
    [
      'fromFetchStream, skipped',
      'id:\ndata: {\n\n',
      () => fromFetchStream('/answer', { ...post, decode: sse({ decode: JSON.parse }), onBadMessage: () => {} }),
    ],
  ])('is not repeated after an empty id has reset the resume point (%s)', async (_, reset, make) => {
    const route = serve(EVENTS, 'id: 1\ndata: 1\n\n', reset, ': the rest')
    route.cutAfterBytes(15 + reset.length)
    const seen = recordWire<unknown>(make())
    await net.advance(60_000)
    expect(route.requests).toHaveLength(1)
    expect(seen).toFailWith({ kind: 'network', message: expect.stringContaining('no id to resume after') })
  })

  it('is repeated after a block that has only an id', async () => {
    const route = serve(EVENTS, 'id: 7\n\n', 'data: a\n\n')
    route.cutAfterBytes(8)
    const cursors: (string | undefined)[] = []
    const headers = ({ cursor }: { cursor: string | undefined }): Record<string, string> => {
      cursors.push(cursor)
      return {}
    }
    const seen = recordWire(fromFetchStream('/answer', { ...post, headers }))
    await net.advance(10_000)
    expect(cursors).toEqual([undefined, '7'])
    expect(seen).toDeliver([{ data: 'a' }])
  })

  it('is not repeated if the last message came without an id', async () => {
    const route = serve(EVENTS, 'id: 1\ndata: a\n\n', 'data: b\n\n', 'data: c\n\n')
    route.cutAfterBytes(24)
    const seen = recordWire(fromFetchStream('/answer', { decode: sse(), resume: true }))
    await net.advance(10_000)
    expect(route.requests).toHaveLength(1)
    expect(seen.data).toHaveLength(2)
  })
})

describe('fromEventSource', () => {
  it('does not resume after a block that is incomplete', async () => {
    const feed = net.log('/feed')
    recordWire(fromEventSource('/feed'))
    await net.advance()
    feed.write('id: 1\ndata: a\n\nid: 2\ndata: b\n')
    await net.advance()
    feed.cut()
    await net.advance(5_000)
    expect(feed.attempts[1]).toMatchObject({ cursor: '1' })
  })

  it('gives a message only its own id', async () => {
    const feed = net.log('/feed')
    const seen = recordWire(fromEventSource('/feed'))
    await net.advance()
    feed.write('id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n')
    await net.advance()
    const messages = seen.events.filter(({ type }) => type === 'message')
    expect(messages).toEqual([
      { type: 'message', data: 'a', id: '1' },
      { type: 'message', data: 'b' },
      { type: 'message', data: 'c' },
    ])
    feed.cut()
    await net.advance(5_000)
    // The empty id has reset it.
    expect(feed.attempts[1]).not.toHaveProperty('cursor')
  })

  it('names the message that it could not decode', async () => {
    const feed = net.log('/feed')
    const decode = (data: string) => JSON.parse(data) as unknown
    const seen = recordWire(fromEventSource('/feed', { decode, onBadMessage: 'fail' }))
    feed.send('{', { id: '7' })
    await net.advance()
    expect(seen).toFailWith({ kind: 'decode', messageId: '7' })
    const next = recordWire(fromEventSource('/feed', { decode, resumeFrom: seen.error?.messageId }))
    feed.send('8')
    await net.advance()
    expect(next).toDeliver([8])
  })
})
