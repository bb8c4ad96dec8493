import { Subject } from 'rxjs'
import { fromDurableStream, toAsyncIterable } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
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

const MINUTE_MS = 60_000

const slowly504 = async (ms: number) => {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return new Response('', { status: 504 })
}

describe('an event stream that the server ends after a control event', () => {
  it('is followed by the next request of the same attempt', async () => {
    const route = serveStream(net, {
      sse: async function* (offset, { wait }) {
        yield control(offset)
        await wait(MINUTE_MS)
        yield data(`["after ${offset}"]`) + control(`${Number(offset) + 1}`)
      },
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(3 * MINUTE_MS + 1_000)
    expect(seen).toDeliver(['after 0', 'after 1', 'after 2'])
    expect(asked(route)).toEqual(['-1', 'sse 0', 'sse 1', 'sse 2', 'sse 3'])
    const live = route.requests.slice(1)
    expect(live.map(({ atMs }) => atMs / MINUTE_MS)).toEqual([0, 1, 2, 3])
    expect(seen.types.filter((type) => type !== 'message' && type !== 'progress')).toEqual(['connecting', 'open'])
  })

  it.each([
    ['if it moved the offset, at most ten times a second', (nth: number) => control(`${nth}`), 300],
    ['if it moved nothing, with growing pauses', () => control('0'), 12],
  ])('is followed at a bounded rate: %s', async (_, text, most) => {
    const route = serveStream(net, { sse: (_, _context, nth) => events(text(nth + 1)) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(30_000)
    expect(route.requests.length).toBeGreaterThan(most / 2)
    expect(route.requests.length).toBeLessThanOrEqual(most + 2)
    expect(seen.types).not.toContain('waiting')
  })

  it('is followed after the delay that it asked for', async () => {
    const route = serveStream(net, { sse: (_, _context, nth) => events(`retry: 4000\n\n${control(`${nth}`)}`) })
    recordWire(fromDurableStream('/stream'))
    await net.advance(30_000)
    const gapsMs = route.requests.slice(2).map(({ atMs }, index) => atMs - (route.requests[index + 1]?.atMs ?? 0))
    expect(gapsMs.length).toBeGreaterThan(3)
    for (const gapMs of gapsMs) expect(gapMs).toBeGreaterThanOrEqual(4_000)
    expect(new Set(gapsMs).size).toBeGreaterThan(1)
  })

  it('is followed after maxRetryAfterMs if it asked for more', async () => {
    const route = serveStream(net, { sse: (_, _context, nth) => events(`retry: 99999999999\n\n${control(`${nth}`)}`) })
    recordWire(fromDurableStream('/stream', { reconnect: { maxRetryAfterMs: 2 * MINUTE_MS } }))
    await net.advance(2 * MINUTE_MS - 1)
    expect(route.requests).toHaveLength(2)
    await net.advance(MINUTE_MS + 1)
    expect(route.requests).toHaveLength(3)
  })

  it('is not counted as a failure, and a lost connection is', async () => {
    const route = serveStream(net, {
      sse: (_, _context, nth) => (nth < 3 ? events(control(`${nth}`)) : Response.error()),
    })
    const seen = recordWire(fromDurableStream('/stream', { reconnect: false }))
    await net.advance(30_000)
    expect(seen).toFailWith({ kind: 'network', retryable: true })
    expect(route.requests).toHaveLength(5)
  })
})

it('a 204 to the request for an event stream completes the wire', async () => {
  const route = serveStream(net, { sse: () => undefined })
  const seen = recordWire(fromDurableStream('/stream'))
  await net.advance(MINUTE_MS)
  expect(seen.isComplete).toBe(true)
  expect(asked(route)).toEqual(['-1', 'sse 0'])
})

describe('an event stream that ends without any control event', () => {
  it('is a failure, and after three of them long polls follow for 5 minutes', async () => {
    const route = serveStream(net, {
      sse: () => events(data('["lost"]')),
      poll: async (offset, { wait }) => {
        await wait(MINUTE_MS / 2)
        return nothing(offset)
      },
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(4 * MINUTE_MS)
    expect(asked(route).slice(0, 5)).toEqual(['-1', 'sse 0', 'sse 0', 'sse 0', 'long-poll 0'])
    expect(asked(route).filter((request) => request.startsWith('sse'))).toHaveLength(3)
    const waits = seen.events.filter(({ type }) => type === 'waiting')
    expect(waits).toHaveLength(3)
    expect(waits[0]).toMatchObject({ cause: { kind: 'truncated', retryable: true } })

    const before = route.requests.length
    await net.advance(2 * MINUTE_MS)
    expect(asked(route).slice(before)).toContain('sse 0')
    expect(seen).toDeliver([])
  })

  it('is followed by event streams only with live: sse', async () => {
    const route = serveStream(net, { sse: () => events('') })
    recordWire(fromDurableStream('/stream', { live: 'sse' }))
    await net.advance(MINUTE_MS)
    expect(asked(route).length).toBeGreaterThan(4)
    expect(asked(route).filter((request) => request.startsWith('long-poll'))).toEqual([])
  })

  it('does not lead to long polls if a control event came in between', async () => {
    const route = serveStream(net, { sse: (_, _context, nth) => events(nth % 3 === 2 ? control(`${nth}`) : '') })
    recordWire(fromDurableStream('/stream'))
    await net.advance(MINUTE_MS)
    expect(asked(route).filter((request) => request.startsWith('long-poll'))).toEqual([])
    expect(route.requests.length).toBeGreaterThan(6)
  })

  it('counts, and one that was lost after a control event does not', async () => {
    const route = serveStream(net, {
      sse: (offset, context, nth) => (nth === 0 ? staysOpen(control(offset), context) : events('')),
    })
    recordWire(fromDurableStream('/stream'))
    await net.advance(1_000)
    route.cut()
    await net.advance(MINUTE_MS)
    expect(asked(route).slice(1, 6)).toEqual(['sse 0', 'sse 0', 'sse 0', 'sse 0', 'long-poll 0'])
  })

  it('does not count if the subscriber has ended it', async () => {
    const reconnectNow = new Subject<void>()
    const route = serveStream(net, { sse: (_, context) => staysOpen(':', context) })
    recordWire(fromDurableStream('/stream', { reconnect: { reconnectNow } }))
    for (let n = 0; n < 4; n += 1) {
      await net.advance(100)
      reconnectNow.next()
    }
    await net.advance(100)
    expect(asked(route)).toEqual(['-1', ...Array(5).fill('sse 0')])
  })

  it('may also be one whose proxy holds back its first event, or its head', async () => {
    for (const sse of [
      (_: string, context: Parameters<typeof staysOpen>[1]) => staysOpen(':', context),
      (_: string, { wait }: Parameters<typeof staysOpen>[1]) => wait(10 * MINUTE_MS),
    ]) {
      const route = serveStream(net, { sse, poll: () => page(['a'], '1', { 'stream-closed': 'true' }) })
      const seen = recordWire(fromDurableStream('/stream', { connectTimeoutMs: 5_000 }))
      await net.advance(MINUTE_MS)
      expect(asked(route)).toEqual(['-1', 'sse 0', 'sse 0', 'sse 0', 'long-poll 0'])
      expect(seen.events.filter(({ type }) => type === 'waiting')).toMatchObject(
        Array(3).fill({ cause: { kind: 'timeout' } }),
      )
      expect(seen.isComplete).toBe(true)
    }
  })

  it('is not one that the server refused, or that had no response', async () => {
    const route = serveStream(net, {
      sse: (_, _context, nth) => (nth % 2 === 0 ? new Response('', { status: 503 }) : Response.error()),
    })
    recordWire(fromDurableStream('/stream'))
    await net.advance(2 * MINUTE_MS)
    expect(asked(route).length).toBeGreaterThan(6)
    expect(
      asked(route)
        .slice(1)
        .every((request) => request === 'sse 0'),
    ).toBe(true)
  })
})

describe('the limits of a durable stream', () => {
  it('are 10 s until the head of a page', async () => {
    serveStream(net, { page: () => new Promise(() => {}) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(9_999)
    expect(seen.types).toEqual(['connecting'])
    await net.advance(2)
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', cause: { kind: 'timeout' } })
    expect(net.open).toBe(0)
  })

  it('are 90 s of silence of an event stream that has sent a control event', async () => {
    serveStream(net, { sse: (offset, context) => staysOpen(control(offset), context) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(89_000)
    expect(seen.types).not.toContain('waiting')
    await net.advance(1_001)
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', cause: { kind: 'timeout' } })
  })

  it('are 35 s until the head of a long poll', async () => {
    serveStream(net, {})
    const seen = recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance(34_999)
    expect(seen.types).not.toContain('waiting')
    await net.advance(2)
    expect(seen.events.at(-1)).toMatchObject({ cause: { message: expect.stringContaining('was held for more than') } })
  })

  it('make a page that a proxy gave up a failure', async () => {
    serveStream(net, { page: (_, nth) => (nth === 0 ? slowly504(6_000) : page(['a'], '1')) })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(10_000)
    expect(seen.types.slice(0, 3)).toEqual(['connecting', 'waiting', 'connecting'])
    expect(seen).toDeliver(['a'])
  })

  it('include the time that Retry-After asks for', async () => {
    const route = serveStream(net, {
      page: (_, nth) =>
        nth === 0 ? new Response('', { status: 429, headers: { 'retry-after': '20' } }) : page(['a'], '1'),
    })
    const seen = recordWire(fromDurableStream('/stream'))
    await net.advance(19_999)
    expect(route.requests).toHaveLength(1)
    await net.advance(11_000)
    expect(seen).toDeliver(['a'])
  })
})

describe('the long polls of a durable stream', () => {
  it('survive a short sleep of the page', async () => {
    const route = serveStream(net, {})
    const seen = recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance(1_000)
    net.resume()
    await net.advance(20_000)
    expect(seen.types).toEqual(['connecting', 'open'])
    expect(route.requests).toHaveLength(2)
  })

  it('follow each other in one attempt', async () => {
    const route = serveStream(net, {
      poll: async (offset, { wait }, nth) => {
        await wait(20_000)
        if (nth === 1) return new Response('', { status: 504 })
        return nth === 0 ? nothing(offset) : page([`after ${offset}`], `${nth}`)
      },
    })
    const seen = recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance(82_000)
    expect(seen).toDeliver(['after 0', 'after 2'])
    expect(asked(route)).toEqual(['-1', 'long-poll 0', 'long-poll 0', 'long-poll 0', 'long-poll 2', 'long-poll 3'])
    // A response without news shows that the server is alive.
    expect(seen.types).toEqual(['connecting', 'open', 'progress', 'progress', 'message', 'message'])
  })

  it('follow at once while the server has more', async () => {
    const route = serveStream(net, { poll: (_, _context, nth) => page([nth], `${nth + 1}`, nth < 50 ? {} : undefined) })
    recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance()
    expect(route.requests.length).toBe(52)
    await net.advance(1_000)
    expect(route.requests.length).toBeLessThanOrEqual(63)
  })

  it('keep the type of the stream over a response without a body', async () => {
    serveStream(net, {
      page: () => page('a', '1', { ...AT_TAIL, 'content-type': 'text/plain' }),
      poll: () => nothing('1'),
      sse: (_, context) => staysOpen(data('b') + control('2'), context),
    })
    const live = { current: 'long-poll' as 'long-poll' | 'sse' }
    const options = {
      get live() {
        return live.current
      },
    }
    const seen = recordWire(fromDurableStream('/stream', options))
    await net.advance(1_000)
    live.current = 'sse'
    await net.advance(20_000)
    expect(seen).toDeliver(['a', 'b'])
  })

  it('are paced if the server does not hold them', async () => {
    const route = serveStream(net, { poll: (offset) => nothing(offset) })
    recordWire(fromDurableStream('/stream', { live: 'long-poll' }))
    await net.advance(30_000)
    expect(route.requests.length).toBeLessThanOrEqual(13)
  })
})

it('a control event without messages is reported as progress', async () => {
  serveStream(net, {
    sse: async function* (offset, { wait }) {
      yield control(offset)
      await wait(1_000)
      yield data('["a"]') + control('1')
      await wait(MINUTE_MS)
    },
  })
  const seen = recordWire(fromDurableStream('/stream'))
  await net.advance(2_000)
  expect(seen.types).toEqual(['connecting', 'open', 'progress', 'message'])
})

it('a slow consumer pauses the event stream, which is not silence of the server', async () => {
  const route = serveStream(net, {
    sse: async function* (_, { wait }) {
      for (let n = 1; n <= 30; n += 1) {
        yield data(`[${n}]`) + control(`${n}`)
        await wait(10)
      }
      await wait(10 * MINUTE_MS)
    },
  })
  const wire = fromDurableStream('/stream', { stallTimeoutMs: 5_000 })
  const messages = toAsyncIterable(wire, { capacity: 5 })[Symbol.asyncIterator]()
  const first = messages.next()
  await net.advance(MINUTE_MS)
  const taken = [(await first).value]
  while (taken.length < 30) {
    const next = messages.next()
    await net.advance(10)
    taken.push((await next).value)
  }
  expect(taken).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  expect(asked(route)).toEqual(['-1', 'sse 0'])
  await messages.return?.()
})

it('a slow consumer is not sent more pages than it has room for', async () => {
  const route = serveStream(net, { page: (_, nth) => page([nth], `${nth + 1}`, {}) })
  const messages = toAsyncIterable(fromDurableStream('/stream'), { capacity: 5 })[Symbol.asyncIterator]()
  const first = messages.next()
  await net.advance(MINUTE_MS)
  expect(await first).toEqual({ done: false, value: 0 })
  expect(route.requests.length).toBeLessThan(10)
  await messages.return?.()
})

it('an unsubscribe while the headers are prepared sends no request', async () => {
  const route = serveStream(net, {})
  const headers = () => new Promise<HeadersInit>((resolve) => setTimeout(() => resolve({}), 1_000))
  const seen = recordWire(fromDurableStream('/stream', { headers }))
  await net.advance(500)
  seen.unsubscribe()
  await net.advance(5_000)
  expect(route.requests).toEqual([])
})
