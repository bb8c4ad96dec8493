import {
  fromEventSource,
  fromFetchStream,
  fromLongPoll,
  fromWebSocket,
  json,
  messages,
  ndjson,
  type Wire,
} from 'rxwire'
import { fakeNetwork, recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'

const COUNT = 10_000
const numbers = Array.from({ length: COUNT }, (_, n) => n)

/** A network that answers each request with all numbers in one piece. Its time is real. */
function servers() {
  const net = fakeNetwork()
  const events = numbers.map((n) => `id: ${n}\ndata: ${n}\n\n`).join('')
  net.route('*', '/sse', () => new Response(events, { headers: { 'content-type': 'text/event-stream' } }))
  net.route('*', '/rows', () => new Response(numbers.join('\n')))
  net.route('*', '/poll', () => Response.json(numbers))
  net.socket('/socket', (socket) => {
    socket.send(JSON.stringify(numbers))
    socket.close(1000)
  })
  return net
}

let sum = 0
/** Takes some ten microseconds. */
function work(): void {
  for (let step = 0; step < 5_000; step += 1) sum += Math.sqrt(step + sum)
}

const last = (n: number) => n === COUNT - 1
const base = 'http://long-chunks.test'
const transports: [string, (net: ReturnType<typeof fakeNetwork>) => Wire<number>][] = [
  [
    'fromEventSource',
    ({ implementations }) => fromEventSource(`${base}/sse`, { ...implementations, decode: Number, endsWhen: last }),
  ],
  [
    'fromFetchStream',
    ({ implementations }) => fromFetchStream(`${base}/rows`, { ...implementations, decode: ndjson<number>() }),
  ],
  [
    'fromLongPoll',
    ({ implementations }) =>
      fromLongPoll(`${base}/poll`, {
        decode: json<number>(),
        ...implementations,
        messages: (body) => body as number[],
        endsWhen: last,
      }),
  ],
  [
    'fromWebSocket',
    ({ implementations }) =>
      fromWebSocket(`ws://long-chunks.test/socket`, {
        ...implementations,
        messages: (frame) => JSON.parse(String(frame)),
        decode: Number,
      }),
  ],
]

describe.each(transports)('a chunk of 10,000 messages in %s', (_, connect) => {
  it('leaves the page turns while a slow subscriber handles them, and delivers all in order', async () => {
    const net = servers()
    const received: number[] = []
    let turns = 0
    const timer = setInterval(() => {
      if (received.length > 0) turns += 1
    })
    const ended = new Promise<void>((resolve, reject) => {
      connect(net)
        .pipe(messages())
        .subscribe({
          next: (n) => {
            received.push(n)
            work()
          },
          error: reject,
          complete: resolve,
        })
    })
    await ended
    clearInterval(timer)
    expect(received).toEqual(numbers)
    expect(turns).toBeGreaterThan(2)
  })

  it('drops the rest when the subscriber leaves', async () => {
    const net = servers()
    let received = 0
    const session = recordWire(connect(net), ({ type }) => {
      if (type === 'message') received += 1
      if (received === COUNT / 2) session.unsubscribe()
    })
    await expect.poll(() => received).toBe(COUNT / 2)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(received).toBe(COUNT / 2)
    expect(net.open).toBe(0)
  })
})
