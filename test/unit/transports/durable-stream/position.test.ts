import { type DurableStreamOptions, fromDurableStream, WireMemory, wireStore, withMemory } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import {
  AT_TAIL,
  asked,
  control,
  data,
  events,
  nothing,
  page,
  serveStream,
  staysOpen,
} from '../../support/durable-stream.ts'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()

const CLOSED = { 'stream-closed': 'True' }

describe('where a durable stream starts', () => {
  it.each([
    [undefined, '-1'],
    ['-1', '-1'],
    ['now', 'now'],
    ['2_7', '2_7'],
  ])(
    'is with resumeFrom %s at %s, and live requests continue at the offset of the response',
    async (resumeFrom, first) => {
      const route = serveStream(net, { page: () => page([], '2_9') })
      recordWire(fromDurableStream('/stream', { resumeFrom }))
      await net.advance(1_000)
      expect(asked(route)).toEqual([first, 'sse 2_9'])
    },
  )

  it('is the last offset for the next subscription of the same consumer', async () => {
    const route = serveStream(net, { page: (offset) => (offset === '-1' ? page(['a'], '1') : page([], '1')) })
    const memory = new WireMemory()
    const wire = fromDurableStream('/stream').pipe(withMemory(memory))
    const first = recordWire(wire)
    await net.advance(1_000)
    first.unsubscribe()
    const second = recordWire(wire)
    await net.advance(1_000)
    expect(second).toDeliver([])
    expect(asked(route)).toEqual(['-1', 'sse 1', '1', 'sse 1'])
  })

  it.each<[string, unknown]>([
    ['resumeFrom', ''],
    ['resumeFrom', 7],
    ['resumeFrom', 'a\nb'],
    ['live', 'websocket'],
    ['live', true],
    ['onGone', 'never'],
    ['maxBytes', 0],
    ['connectTimeoutMs', -1],
    ['holdTimeoutMs', 0],
    ['stallTimeoutMs', 'auto'],
    ['decode', 'json'],
    ['onBadMessage', 'ignore'],
    ['endsWhen', 'done'],
    ['failsWhen', 'error'],
    ['headers', { 'not a name': '1' }],
  ])('throws a TypeError that names %s for %o', (option, value) => {
    const connect = () => fromDurableStream('/stream', { [option]: value } as DurableStreamOptions<unknown>)
    expect(connect).toThrow(TypeError)
    expect(connect).toThrow(option)
  })
})

describe('the requests of a durable stream', () => {
  it('have sorted parameters, and replace those of the protocol in the URL', async () => {
    const route = serveStream(net, { page: () => page([], '1', { ...AT_TAIL, 'stream-cursor': 'c' }) })
    recordWire(fromDurableStream('/stream?z=1&live=x&cursor=y', { query: { a: 2, offset: 'o' } }))
    await net.advance(1_000)
    expect(route.requests.map(({ url }) => url)).toEqual([
      '/stream?a=2&offset=-1&z=1',
      '/stream?a=2&cursor=c&live=sse&offset=1&z=1',
    ])
  })

  it('send the last Stream-Cursor with live requests, and keep it apart from the offset', async () => {
    const route = serveStream(net, {
      sse: (_, context, nth) => {
        if (nth === 0) return events(control('0', { streamCursor: '7' }))
        if (nth === 1) return events(control('0', { streamCursor: 8 }) + control('0', { streamCursor: 'a\u0000' }))
        return nth === 2 ? Response.error() : staysOpen('', context)
      },
    })
    recordWire(fromDurableStream('/stream'))
    await net.advance(5_000)
    const cursors = route.requests.map(({ url }) => new URL(url, 'http://a').searchParams.get('cursor'))
    expect(cursors).toEqual([null, null, '7', '7', '7'])
  })

  it.each([
    [{}, [undefined, 'no-store', 'no-store']],
    [{ cache: 'reload' as const }, ['reload', 'reload', 'reload']],
  ])('bypass the HTTP cache if they are live, unless the option says otherwise: %o', async (options, expected) => {
    serveStream(net, { sse: () => events('') })
    const modes: unknown[] = []
    const fetch: typeof globalThis.fetch = (url, init) => {
      modes.push(init?.cache)
      return globalThis.fetch(url, init)
    }
    recordWire(fromDurableStream('/stream', { ...options, fetch, live: 'sse' }))
    await net.advance(5_000)
    recordWire(fromDurableStream('/stream', { ...options, fetch, live: 'long-poll' }))
    await net.advance(1_000)
    expect([...modes.slice(0, 2), modes.at(-1)]).toEqual(expected)
  })

  it('ask for an event stream where they want one', async () => {
    const route = serveStream(net, {})
    recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(route.requests.map(({ headers }) => headers['accept'] === 'text/event-stream')).toEqual([false, true])
  })

  it('call headers for each attempt, and keep credentials at their first origin', async () => {
    let origin = 'http://home.test'
    net.route('GET', 'http://home.test/stream', () => page([], '1', {}))
    const away = net.route('GET', 'http://away.test/stream', () => page([], '1'))
    const seen = recordWire(
      fromDurableStream(() => `${origin}/stream`, { headers: { authorization: 'Bearer secret' }, live: 'long-poll' }),
    )
    await net.advance(100)
    origin = 'http://away.test'
    await net.advance(1_000)
    expect(seen).toFailWith({ kind: 'network', message: expect.stringContaining('has another origin') })
    expect(away.requests).toEqual([])
  })

  it('read page after page until the tail, then live', async () => {
    const route = serveStream(net, {
      page: (offset) =>
        ({ '-1': page(['a'], '1', {}), '1': page(['b'], '2', {}), '2': page(['c'], '3') })[offset] ?? page([], '3'),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance()
    expect(seen).toDeliver(['a', 'b', 'c'])
    expect(asked(route)).toEqual(['-1', '1', '2', 'sse 3'])
    expect(seen.types.filter((type) => type === 'open' || type === 'connecting')).toEqual(['connecting', 'open'])
  })

  it('take a page that brings nothing and moves nothing for the tail', async () => {
    const route = serveStream(net, { page: (offset) => (offset === '-1' ? page(['a'], '1', {}) : page([], '1', {})) })
    recordWire(fromDurableStream('/stream'))
    await net.advance(100)
    expect(asked(route)).toEqual(['-1', '1', 'sse 1'])
  })

  it('are paced if pages move the offset and have no messages', async () => {
    const route = serveStream(net, { page: (_, nth) => page([], `${nth}`, {}) })
    recordWire(fromDurableStream('/stream'))
    await net.advance(10_000)
    expect(route.requests.length).toBeLessThanOrEqual(101)
  })
})

describe('the end of a durable stream', () => {
  it.each<[string, Parameters<typeof serveStream>[1], unknown[], string[]]>([
    ['a page', { page: () => page(['a'], '1', CLOSED) }, ['a'], ['-1']],
    [
      'an empty page',
      { page: (at) => (at === '1' ? page([], '1', CLOSED) : page(['a'], '1', {})) },
      ['a'],
      ['-1', '1'],
    ],
    [
      'a control event',
      {
        sse: (_, context) =>
          staysOpen(data('["a"]') + control('1', { streamClosed: true }) + data('["b"]') + control('2'), context),
      },
      ['a'],
      ['-1', 'sse 0'],
    ],
  ])('completes the wire after its last message: told by %s', async (_, script, expected, requests) => {
    const route = serveStream(net, script)
    const onBadMessage = vi.fn()
    const decode = (input: unknown) => {
      if (input === 'b') throw new TypeError('after the end')
      return input
    }
    const seen = recordWire(fromDurableStream('/stream', { decode, onBadMessage }))
    await net.advance(60_000)
    expect(seen).toDeliver(expected)
    expect(onBadMessage).not.toHaveBeenCalled()
    expect(seen.events.at(-1)).toEqual({ type: 'close', wasClean: true })
    expect(seen.isComplete).toBe(true)
    expect(asked(route)).toEqual(requests)
    expect(net.open).toBe(0)
  })

  it.each([
    ['a 204', () => nothing('0', CLOSED)],
    ['a response with the last messages', () => page(['a'], '1', CLOSED)],
  ])('completes the wire: told by %s to a long poll', async (_, poll) => {
    serveStream(net, { poll })
    const seen = recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance(60_000)
    expect(seen.isComplete).toBe(true)
  })

  it.each(['false', '1', 'yes', ''])('is not told by Stream-Closed: %j', async (value) => {
    serveStream(net, { page: () => page(['a'], '1', { ...AT_TAIL, 'stream-closed': value }) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(seen.isComplete).toBe(false)
  })

  it('is the tail with live: false', async () => {
    const route = serveStream(net, { page: (at) => (at === '-1' ? page(['a'], '1', {}) : page(['b'], '2')) })
    const seen = recordWire(fromDurableStream('/stream', { live: false }))
    await net.advance(1_000)
    expect(seen).toDeliver(['a', 'b'])
    expect(seen.isComplete).toBe(true)
    expect(asked(route)).toEqual(['-1', '1'])
  })
})

describe('a response that is no part of a durable stream', () => {
  it.each<[string, Record<string, string>]>([
    ['no offset', {}],
    ['an offset that means the start', { 'stream-next-offset': '-1' }],
    ['an offset that means the tail', { 'stream-next-offset': 'now' }],
    ['an offset that is too long', { 'stream-next-offset': 'x'.repeat(4_097) }],
  ])('fails the wire before it is open: %s', async (_, headers) => {
    net.route('GET', '/stream', () => Response.json(['a'], { headers }))
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(seen.types).toEqual(['connecting'])
    expect(seen).toFailWith({
      name: 'HttpError',
      status: 200,
      retryable: false,
      message: expect.stringMatching(/\/stream responded without a valid Stream-Next-Offset/),
    })
  })

  it('fails the wire if it is not an event stream', async () => {
    serveStream(net, { sse: () => page([], '1') })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    expect(seen).toFailWith({ kind: 'http', message: expect.stringContaining('instead of text/event-stream') })
  })
})

describe('410 Gone in a durable stream', () => {
  /** A stream whose messages before offset 5 are gone, and a server that is unavailable once after that. */
  const serveTrimmed = () =>
    serveStream(net, {
      page: (offset, nth) => {
        if (offset === '2') return new Response('', { status: 410 })
        if (nth === 1) return new Response('', { status: 503 })
        return offset === 'now' ? page([], '9') : page(['e'], '9')
      },
    })

  it('fails the wire by default', async () => {
    const route = serveTrimmed()
    const seen = recordWire(fromDurableStream('/stream', { resumeFrom: '2' }))
    await net.advance(60_000)
    expect(seen).toFailWith({ status: 410 })
    expect(asked(route)).toEqual(['2'])
  })

  it.each([
    ['restart', '-1', 'reset', ['e']],
    ['tail', 'now', 'gap', []],
  ] as const)(
    'continues with onGone: %s at %s, also after another failure',
    async (onGone, offset, continuity, expected) => {
      const route = serveTrimmed()
      const seen = recordWire(fromDurableStream('/stream', { resumeFrom: '2', onGone }))
      await net.advance(60_000)
      expect(asked(route).slice(0, 4)).toEqual(['2', offset, offset, 'sse 9'])
      expect(seen.events.filter(({ type }) => type === 'open')).toMatchObject([{ continuity }])
      expect(seen).toDeliver(expected)
    },
  )

  it('reads pages again if an event stream has told it', async () => {
    const route = serveStream(net, {
      page: () => page([], '9', { ...AT_TAIL, 'stream-cursor': 'c' }),
      sse: () => new Response('', { status: 410 }),
    })
    recordWire(fromDurableStream('/stream', { resumeFrom: '2', onGone: 'restart', reconnect: { maxRetries: 1 } }))
    await net.advance(60_000)
    expect(asked(route).slice(0, 4)).toEqual(['2', 'sse 9', '-1', 'sse 9'])
    // A cursor would only make caches miss the page.
    expect(route.requests[2]?.url).toBe('/stream?offset=-1')
  })

  it('ends the wire if the stream was deleted', async () => {
    const route = serveStream(net, { page: () => new Response('', { status: 410 }) })
    const seen = recordWire(fromDurableStream('/stream', { onGone: 'restart' }))
    await net.advance(60_000)
    expect(seen).toFailWith({ status: 410, retryable: false })
    expect(asked(route)).toEqual(['-1', '-1'])
  })
})

it('an `open` after an offset has the continuity `resumed`', async () => {
  const route = serveStream(net, { page: () => page(['a'], '1') })
  const seen = recordWire(fromDurableStream('/stream'))
  await net.advance(1_000)
  route.cut()
  serveStream(net, { sse: (_, context) => staysOpen(control('1'), context) })
  await net.advance(5_000)
  const opened = seen.events.filter(({ type }) => type === 'open')
  expect(opened.map((event) => 'continuity' in event && event.continuity)).toEqual([false, 'resumed'])
})

it('a store resumes a durable stream, and starts over after a restart', async () => {
  let isTrimmed = false
  serveStream(net, {
    page: (offset) => {
      if (isTrimmed && offset === '1') return new Response('', { status: 410 })
      return offset === '-1' ? page([isTrimmed ? 'new' : 'old'], isTrimmed ? '9' : '1') : page([], offset)
    },
  })
  const store = wireStore(fromDurableStream('/stream', { onGone: 'restart' }), { keep: 10, lingerMs: 0 })
  const leave = store.subscribe(() => {})
  await net.advance(1_000)
  expect(store.getSnapshot()).toMatchObject({ data: ['old'], cursor: '1' })
  leave()
  await net.advance(1_000)
  isTrimmed = true
  const leaveAgain = store.subscribe(() => {})
  await net.advance(10_000)
  expect(store.getSnapshot()).toMatchObject({ data: ['new'], cursor: '9' })
  leaveAgain()
  await net.advance(1_000)
})
