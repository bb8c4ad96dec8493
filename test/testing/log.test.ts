import { fromEventSource, fromLongPoll, fromWebSocket } from 'rxwire'
import { fakeNetwork, recordWire, wireMatchers } from 'rxwire/testing'

expect.extend(wireMatchers)

const net = fakeNetwork()
beforeEach(() => void net.install())
afterEach(() => net.uninstall())

describe('a log', () => {
  it('serves the same messages over every transport', async () => {
    const feed = net.log('/ticks')
    feed.send({ price: 3 })
    const { fetch, WebSocket } = net.implementations
    const frames: unknown[] = []
    new WebSocket('/ticks').onmessage = ({ data }: MessageEvent) => frames.push(data)
    const stream = await fetch('/ticks', { headers: { accept: 'text/event-stream' } })
    const rows = await fetch('/ticks', { headers: { accept: 'application/x-ndjson' } })
    const poll = await fetch('/ticks')
    feed.send('text', { name: 'note', id: 'x' })
    feed.end()
    await net.advance()
    expect(await stream.text()).toBe('id: 1\ndata: {"price":3}\n\nevent: note\nid: x\ndata: text\n\n')
    expect(await rows.text()).toBe('{"price":3}\n"text"\n')
    expect([await poll.json(), poll.headers.get('etag')]).toEqual([[{ price: 3 }], '"1"'])
    expect(frames).toEqual(['{"price":3}', 'text'])
  })

  it('continues after the cursor, wherever it is sent', async () => {
    const feed = net.log('/ticks')
    for (const each of ['a', 'b', 'c']) feed.send(each)
    const { fetch } = net.implementations
    const texts = [
      fetch('/ticks', { headers: { accept: 'text/event-stream', 'last-event-id': '2' } }),
      fetch('/ticks?lastEventId=2', { headers: { accept: 'text/event-stream' } }),
      fetch('/ticks', { headers: { 'if-none-match': '"2"' } }),
      fetch('/ticks', { headers: { 'if-none-match': 'W/"2"' } }),
      fetch('/ticks?cursor=2', { headers: { accept: 'application/x-ndjson' } }),
    ].map(async (response) => (await response).text())
    await net.advance()
    feed.close()
    await net.advance()
    const event = 'id: 3\ndata: c\n\n'
    expect(await Promise.all(texts)).toEqual([event, event, '["c"]', '["c"]', '"c"\n'])
    expect(feed.attempts).toEqual(Array(5).fill({ atMs: 0, cursor: '2' }))
  })

  it('starts at the first message, or after the last one', async () => {
    const [all, news] = [net.log('/all'), net.log('/news', { start: 'now' })]
    const received: string[] = []
    for (const feed of [all, news]) feed.send('before')
    for (const path of ['/all', '/news']) {
      new net.implementations.WebSocket(path).onmessage = ({ data }: MessageEvent) => received.push(path + data)
    }
    await net.advance()
    for (const feed of [all, news]) feed.send('after')
    await net.advance()
    expect(received).toEqual(['/allbefore', '/allafter', '/newsafter'])
  })

  it('resumes a wire of each transport without a loss', async () => {
    const feed = net.log('/ticks')
    const socketUrl = ({ cursor }: { cursor: string | undefined }) => `/ticks${cursor ? `?cursor=${cursor}` : ''}`
    const records = [
      recordWire(fromEventSource('/ticks')),
      recordWire(fromLongPoll('/ticks', { messages: (body) => body as string[] })),
      recordWire(fromWebSocket(socketUrl, { idOf: (data) => String(data) })),
    ]
    for (let n = 1; n <= 30; n += 1) {
      feed.send(String(n))
      if (n % 7 === 0) feed.cut()
      await net.advance(n % 5 === 0 ? 5_000 : 10)
    }
    await net.advance(60_000)
    const numbers = Array.from({ length: 30 }, (_, index) => String(index + 1))
    for (const record of records) {
      expect(record).toDeliver(numbers)
      expect(record.types).toContain('waiting')
      record.unsubscribe()
    }
    expect(net).toHaveNoLeaks()
  })

  it('holds a poll without news, and answers that nothing has changed', async () => {
    net.log('/ticks', { holdMs: 1_000 }).send('a')
    const { fetch } = net.implementations
    const statuses: number[] = []
    fetch('/ticks?cursor=1').then(({ status }) => statuses.push(status))
    fetch('/ticks', { headers: { 'if-none-match': '"1"' } }).then(({ status }) => statuses.push(status))
    await net.advance(999)
    expect(statuses).toEqual([])
    await net.advance(1)
    expect(statuses).toEqual([204, 304])
    expect(net.timers).toBe(0)
  })

  it('writes what is malformed, outside of its messages', async () => {
    const feed = net.log('/ticks')
    const seen = recordWire(fromEventSource('/ticks'))
    await net.advance()
    feed.write(': a comment\n\n')
    feed.write('data: no id\n\n')
    await net.advance()
    feed.cut()
    await net.advance(5_000)
    expect(seen).toDeliver(['no id'])
    expect(feed.attempts[1]).toEqual({ atMs: expect.any(Number) })
  })

  it('keeps the frames of clients', async () => {
    const feed = net.log('/ticks')
    recordWire(fromWebSocket('/ticks', { sendOnOpen: () => ['subscribe'] }))
    await net.advance()
    expect(feed.received).toEqual(['subscribe'])
  })
})
