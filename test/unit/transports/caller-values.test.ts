import {
  type AttemptContext,
  fromDurableStream,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromUpload,
  fromWebSocket,
  fromXhr,
  type StreamDecoder,
  tus,
  type Wire,
} from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()
const never = () => new Promise<never>(() => {})

describe('a promise of the caller that does not settle', () => {
  it.each<[string, string, () => Wire<unknown>]>([
    ['headers of fromFetch', 'headers', () => fromFetch('/a', { headers: never, retry: false })],
    ['url of fromXhr', 'url', () => fromXhr(never, { retry: false })],
    ['body of fromFetchStream', 'body', () => fromFetchStream('/a', { method: 'POST', body: never })],
    ['headers of fromLongPoll', 'headers', () => fromLongPoll('/a', { headers: never, reconnect: false })],
    [
      'fingerprint of fromUpload',
      'fingerprint',
      () => fromUpload('/a', new Blob(['a']), { protocol: tus(), fingerprint: never, reconnect: false }),
    ],
  ])('ends the attempt after 30 s: %s', async (_, option, connect) => {
    const { requests } = net.route('*', '/a', () => new Response(''))
    const session = recordWire(connect())
    await net.advance(29_999)
    expect(session.error).toBeUndefined()
    await net.advance(2)
    expect(session.error).toMatchObject({ kind: 'timeout', retryable: true })
    expect(String(session.error)).toContain(`The ${option} function did not settle within 30000 ms`)
    expect(requests).toEqual([])
  })

  it('ends the attempt of a transport with a connect limit at that limit', async () => {
    const sessions = [
      recordWire(fromEventSource(never, { reconnect: false })),
      recordWire(fromWebSocket(never, { reconnect: false })),
    ]
    await net.advance(10_001)
    for (const { error } of sessions) expect(error).toMatchObject({ kind: 'timeout', retryable: true })
  })

  it('leaves no timer after the subscriber has left', async () => {
    const session = recordWire(fromFetch('/a', { headers: never }))
    await net.advance(100)
    session.unsubscribe()
    await net.advance(60_000)
    expect(session.types).toEqual(['connecting'])
    expect(net.open).toBe(0)
  })
})

describe('a fetch that ignores its signal', () => {
  /** A body that sends a byte and stays open. Counts how often it is cancelled. */
  function openBody() {
    const seen = { cancelled: 0 }
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('a')),
      cancel: () => {
        seen.cancelled += 1
      },
    })
    const headers = { 'content-type': 'text/event-stream', 'stream-next-offset': '1' }
    return { seen, respond: () => new Response(body, { headers }) }
  }

  const transports: [string, (fetch: typeof globalThis.fetch) => Wire<unknown>][] = [
    ['fromFetch', (fetch) => fromFetch('http://a.test/', { fetch })],
    ['fromFetchStream', (fetch) => fromFetchStream('http://a.test/', { fetch })],
    ['fromEventSource', (fetch) => fromEventSource('http://a.test/', { fetch })],
    ['fromPoll', (fetch) => fromPoll('http://a.test/', { fetch })],
    ['fromLongPoll', (fetch) => fromLongPoll('http://a.test/', { fetch })],
    ['fromDurableStream', (fetch) => fromDurableStream('http://a.test/', { fetch })],
  ]

  it.each(transports)('has its body cancelled after an unsubscribe during the response: %s', async (_, connect) => {
    const { seen, respond } = openBody()
    const session = recordWire(connect(async () => respond()))
    await net.advance(100)
    expect(session.types).toContain('open')
    session.unsubscribe()
    await net.advance(100)
    expect(seen.cancelled).toBe(1)
  })

  it.each(transports)('has its body cancelled if it responds after the unsubscribe: %s', async (_, connect) => {
    const { seen, respond } = openBody()
    const later = () => new Promise<Response>((resolve) => setTimeout(() => resolve(respond()), 1_000))
    const session = recordWire(connect(later))
    await net.advance(100)
    session.unsubscribe()
    await net.advance(2_000)
    expect(seen.cancelled).toBe(1)
    expect(session.types).toEqual(['connecting'])
  })
})

it.each<[string, () => Wire<unknown>]>([
  ['fromFetch', () => fromFetch('/a', { maxBytes: 9, responseType: 'text' })],
  ['fromPoll', () => fromPoll('/a', { maxBytes: 9, responseType: 'text' })],
  ['fromLongPoll', () => fromLongPoll('/a', { maxBytes: 9, responseType: 'text' })],
  ['fromXhr', () => fromXhr('/a', { maxBytes: 9, responseType: 'text' })],
])('%s fails with kind `overflow` on a body of more than maxBytes', async (_, connect) => {
  let body = '123456789'
  net.route('*', '/a', () => new Response(body))
  const fits = recordWire(connect())
  await net.advance(100)
  expect(fits.data).toEqual([body])
  fits.unsubscribe()
  body += '0'
  const session = recordWire(connect())
  await net.advance(100)
  expect(session.error).toMatchObject({ kind: 'overflow', retryable: false })
  expect(session.data).toEqual([])
  expect(net.open).toBe(0)
})

describe('the end of a poll', () => {
  const polls: [string, (options: object) => Wire<unknown>][] = [
    ['fromPoll', (options) => fromPoll('/a', options)],
    ['fromLongPoll', (options) => fromLongPoll('/a', options)],
  ]

  it.each(polls)('%s completes after a response that endsOnResponse recognizes', async (_, connect) => {
    net.route('*', '/a', () => Response.json('last', { headers: { 'stream-closed': 'true' } }))
    const endsOnResponse = ({ headers }: Response) => headers.has('stream-closed')
    const session = recordWire(connect({ endsOnResponse }))
    await net.advance(100)
    expect(session.data).toEqual(['last'])
    expect(session.types.at(-1)).toBe('close')
    expect(session.isComplete).toBe(true)
  })

  it.each(polls)(
    '%s fails with kind `closed` on a message for which failsWhen returns a reason',
    async (_, connect) => {
      net.route('*', '/a', () => Response.json({ error: 'no such job' }))
      const session = recordWire(connect({ failsWhen: ({ error }: { error: string }) => error }))
      await net.advance(100)
      expect(session.error).toMatchObject({ kind: 'closed', retryable: false })
      expect(String(session.error)).toContain('no such job')
      expect(session.data).toEqual([])
    },
  )
})

it('a poll skips a body that is not JSON, and delivers the next one', async () => {
  const bodies = ['{"a":1}', '{"a":', '{"a":2}']
  net.route('*', '/a', () => new Response(bodies.shift()))
  const errors: string[] = []
  const onBadMessage = ({ kind }: { kind: string }) => errors.push(kind)
  const session = recordWire(fromPoll('/a', { everyMs: 1_000, onBadMessage }))
  await net.advance(2_500)
  expect(session.data).toEqual([{ a: 1 }, { a: 2 }])
  expect(errors).toEqual(['decode'])
  expect(session.isActive).toBe(true)
})

it('a decoder receives the head of the response', async () => {
  net.route('*', '/a', () => new Response('1;2;3', { headers: { 'x-separator': ';' } }))
  const decode: StreamDecoder<string> = {
    reads: 'text',
    start: (onRecord, _, head) => {
      const separator = head?.headers.get('x-separator') ?? ','
      let text = ''
      return {
        push: (piece) => {
          text += piece
        },
        end: () => {
          for (const record of text.split(separator)) onRecord(record)
          return false
        },
      }
    },
    decode: (record) => record,
  }
  const session = recordWire(fromFetchStream('/a', { decode }))
  await net.advance(100)
  expect(session.data).toEqual(['1', '2', '3'])
})

describe('the credentials of a WebSocket', () => {
  /** Moves to another host after the first attempt. */
  const moving = ({ attempt }: AttemptContext) => (attempt === 0 ? 'ws://home.test/s' : 'ws://away.test/s?t=secret')

  it.each([
    ['a subprotocol', { protocols: ['token.secret'] }],
    ['first frames', { sendOnOpen: () => 'secret' }],
  ])('stay at the origin of the first attempt: %s', async (_, options) => {
    const home = net.socket('ws://home.test/s', (socket) => socket.terminate())
    const away = net.socket('ws://away.test/s', () => {})
    const session = recordWire(fromWebSocket(moving, options))
    await net.advance(10_000)
    expect(session.error).toMatchObject({ kind: 'network', retryable: false })
    expect(String(session.error)).toContain("pass credentialOrigins: ['ws://away.test']")
    expect(String(session.error)).not.toContain('secret')
    expect([home.attempts.length, away.attempts.length]).toEqual([1, 0])

    const allowed = recordWire(fromWebSocket(moving, { ...options, credentialOrigins: ['ws://away.test'] }))
    await net.advance(10_000)
    expect(away.attempts).toHaveLength(1)
    allowed.unsubscribe()
  })

  it('do not matter for a socket without any', async () => {
    net.socket('ws://home.test/s', (socket) => socket.terminate())
    const away = net.socket('ws://away.test/s', () => {})
    recordWire(fromWebSocket(moving))
    await net.advance(10_000)
    expect(away.attempts).toHaveLength(1)
  })
})
