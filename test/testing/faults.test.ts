import { fromEventSource, fromFetch, fromFetchStream, fromWebSocket, lines, type Wire } from 'rxwire'
import { type FakeLog, fakeNetwork, recordWire, wireMatchers } from 'rxwire/testing'

expect.extend(wireMatchers)

const net = fakeNetwork()
beforeEach(() => void net.install())
afterEach(() => {
  net.uninstall()
  net.restore()
})

/** A live feed over each transport. */
const feeds: [string, () => { feed: FakeLog; wire: Wire<unknown> }][] = [
  ['an event stream', () => ({ feed: net.log('/sse'), wire: fromEventSource('/sse') })],
  [
    'an NDJSON stream',
    () => ({
      feed: net.log('/rows', { format: 'ndjson' }),
      wire: fromFetchStream('/rows', { decode: lines(), resume: true, idOf: (line) => line }),
    }),
  ],
  ['a socket', () => ({ feed: net.log('/socket'), wire: fromWebSocket('/socket') })],
]

/** A feed that is open and has delivered a message. */
async function open(make: () => { feed: FakeLog; wire: Wire<unknown> }) {
  const { feed, wire } = make()
  const seen = recordWire(wire)
  feed.send('first')
  await net.advance()
  expect(seen.types.slice(0, 3)).toEqual(['connecting', 'open', 'message'])
  const messages = () => seen.types.filter((type) => type === 'message').length
  return { feed, seen, messages }
}

describe.each(feeds)('%s', (_, make) => {
  it('is lost by a cut, and comes back', async () => {
    const { feed, seen } = await open(make)
    feed.cut()
    await net.advance()
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', attempt: 1, cause: { retryable: true } })
    expect(net.open).toBe(0)
    await net.advance(2_000)
    expect(feed.attempts).toHaveLength(2)
    expect(net.open).toBe(1)
  })

  it('is silent while half-open, and only new connections work', async () => {
    const { feed, seen, messages } = await open(make)
    feed.halfOpen()
    feed.send('lost on the way')
    await net.advance(30_000)
    expect(messages()).toBe(1)
    expect(seen.isActive).toBe(true)
    const { messages: ofAnother } = await open(make)
    expect(ofAnother()).toBeGreaterThan(0)
  })

  it('is held by a stall, and loses nothing', async () => {
    const { feed, messages } = await open(make)
    feed.stall()
    feed.send('second')
    feed.send('third')
    await net.advance(5_000)
    expect(messages()).toBe(1)
    feed.stall(false)
    await net.advance()
    expect(messages()).toBe(3)
  })

  it('is as slow as its limit', async () => {
    const { feed, messages } = await open(make)
    feed.slow({ bytesPerSecond: 1_000 })
    feed.send('x'.repeat(10_000))
    await net.advance(9_000)
    expect(messages()).toBe(1)
    await net.advance(2_000)
    expect(messages()).toBe(2)
    feed.slow(false)
    feed.send('x'.repeat(10_000))
    await net.advance()
    expect(messages()).toBe(3)
  })

  it('is cut after a number of bytes', async () => {
    const { feed, seen, messages } = await open(make)
    feed.cutAfterBytes(50)
    feed.send('short')
    await net.advance()
    expect(messages()).toBe(2)
    feed.send('x'.repeat(100))
    await net.advance()
    expect(messages()).toBe(2)
    expect(seen.types.at(-1)).toBe('waiting')
  })

  it('takes as long as the latency', async () => {
    const slow = fakeNetwork({ latencyMs: 100 })
    const { fetch, WebSocket } = slow.implementations
    const feed = slow.log('/feed')
    slow.log('/rows', { format: 'ndjson' })
    const seen = recordWire(
      _ === 'a socket' ? fromWebSocket('/feed', { WebSocket }) : fromEventSource('/feed', { fetch }),
    )
    feed.send('first')
    await slow.advance(199)
    expect(seen).toEmit(['connecting'])
    await slow.advance(101)
    expect(seen).toEmit(['connecting', 'open', 'message'])
    seen.unsubscribe()
  })

  it('is refused as often as it is told to', async () => {
    const { feed, wire } = make()
    feed.answer(503, { retryAfter: 10, times: 2 })
    const seen = recordWire(wire)
    await net.advance(60_000)
    expect(feed.attempts).toHaveLength(3)
    expect(seen.types.at(-1)).toBe('open')
  })

  it('cannot connect while the server does not listen', async () => {
    const { feed, wire } = make()
    feed.refuse()
    const seen = recordWire(wire)
    await net.advance()
    expect(seen).toEmit(['connecting', 'waiting'])
    feed.refuse(false)
    await net.advance(5_000)
    expect(seen.types.at(-1)).toBe('open')
  })

  it('completes when the log ends, at the latest with the next connection', async () => {
    const { feed, seen } = await open(make)
    feed.end()
    await net.advance(5_000)
    expect(seen.isComplete).toBe(true)
    expect(net.open).toBe(0)
  })
})

describe('a fault of bytes', () => {
  it('splits characters, which arrive whole', async () => {
    net.splitUtf8()
    const feed = net.log('/sse')
    const chunks: number[] = []
    const response = net.implementations.fetch('/sse', { headers: { accept: 'text/event-stream' } })
    feed.send('😀')
    await net.advance()
    const reader = (await response).body?.getReader()
    for (let i = 0; i < 4; i += 1) {
      const reading = reader?.read()
      await net.advance()
      chunks.push((await reading)?.value?.length ?? 0)
    }
    // The first three end inside of the character.
    expect(chunks).toEqual([13, 1, 1, 3])
    const seen = recordWire(fromEventSource('/sse'))
    await net.advance()
    expect(seen).toDeliver(['😀'])
  })

  it('buffers a response until 4 KiB are there', async () => {
    const feed = net.log('/sse')
    feed.buffered()
    const seen = recordWire(fromEventSource('/sse'))
    feed.send('small')
    await net.advance(1_000)
    expect(seen).toEmit(['connecting'])
    feed.send('x'.repeat(5_000))
    await net.advance()
    expect(seen).toEmit(['connecting', 'open', 'message', 'message'])
    feed.send('small')
    await net.advance()
    expect(seen.data).toHaveLength(2)
    feed.buffered(false)
    await net.advance()
    expect(seen.data).toHaveLength(3)
  })

  it('buffers a response until its end', async () => {
    net.route('GET', '/short', () => 'short').buffered()
    const seen = recordWire(fromFetch('/short', { responseType: 'text' }))
    await net.advance()
    expect(seen).toDeliver(['short'])
  })
})

describe('a fault of messages', () => {
  it('duplicates them with their ids', async () => {
    const feed = net.log('/sse')
    feed.duplicate()
    const received: string[] = []
    const { EventSource } = net.implementations
    new EventSource('/sse').onmessage = ({ lastEventId }) => received.push(lastEventId)
    feed.send('a')
    feed.send('b')
    await net.advance()
    expect(received).toEqual(['1', '1', '2', '2'])
  })

  it('closes a socket with a code', async () => {
    const feed = net.log('/socket')
    const seen = recordWire(fromWebSocket('/socket'))
    await net.advance()
    feed.close(1012, 'restart')
    await net.advance()
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', cause: { code: 1012, reason: 'restart' } })
  })

  it('ends a held poll without news', async () => {
    const feed = net.log('/poll')
    const response = net.implementations.fetch('/poll')
    await net.advance()
    feed.close()
    await net.advance()
    expect((await response).status).toBe(204)
  })
})

describe('the scope of faults', () => {
  it('is a path, an origin, or the network', async () => {
    const [near, far] = [net.log('/near'), net.log('https://far.example/feed')]
    const records = [recordWire(fromEventSource('/near')), recordWire(fromEventSource('https://far.example/feed'))]
    const lost = () => records.map(({ types }) => types.filter((type) => type === 'waiting').length)
    await net.advance()
    near.cut()
    await net.advance()
    expect(lost()).toEqual([1, 0])
    net.origin('https://far.example').refuse()
    far.cut()
    await net.advance(10_000)
    expect(lost()[0]).toBe(1)
    expect(lost()[1]).toBeGreaterThan(1)
    net.origin('https://far.example').restore()
    await net.advance(60_000)
    expect(net.open).toBe(2)
    net.cut()
    await net.advance()
    expect(net.open).toBe(0)
  })

  it('counts its open connections', async () => {
    const [near, far] = [net.log('/near'), net.log('https://far.example/feed')]
    const origin = net.origin('https://far.example')
    const records = ['/near', 'https://far.example/feed', 'https://far.example/feed'].map((url) =>
      recordWire(fromEventSource(url)),
    )
    const open = () => [near, far, origin, net].map((group) => group.open)
    await net.advance()
    expect(open()).toEqual([1, 2, 2, 3])
    far.halfOpen()
    records[1]?.unsubscribe()
    expect(open()).toEqual([1, 1, 1, 2])
    net.cut()
    expect(open()).toEqual([0, 0, 0, 0])
    for (const record of records) record.unsubscribe()
  })

  it('is over after restore', async () => {
    const feed = net.log('/sse')
    feed.stall()
    feed.slow({ bytesPerSecond: 1 })
    feed.answer(500, { times: 5 })
    feed.cutAfterBytes(1)
    feed.restore()
    const seen = recordWire(fromEventSource('/sse'))
    feed.send('a')
    await net.advance()
    expect(seen).toEmit(['connecting', 'open', 'message'])
  })

  it('does not accept a speed of nothing', () => {
    expect(() => net.slow({ bytesPerSecond: 0 })).toThrow('bytesPerSecond must be a positive number, got 0')
  })
})
