import {
  fromEventSource,
  fromFetch,
  fromLongPoll,
  fromPoll,
  fromWebSocket,
  type WebSocketData,
  type Wire,
} from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()

/** Resolves texts that name a delay after that delay: `'b:20'` becomes `'b'` after 20 ms. */
function slowly(data: WebSocketData): string | Promise<string> {
  const [text = '', delayMs] = String(data).split(':')
  return delayMs === undefined
    ? text
    : new Promise((resolve, reject) => {
        setTimeout(() => (text === 'bad' ? reject(new SyntaxError('bad')) : resolve(text)), Number(delayMs))
      })
}

describe('an asynchronous decode', () => {
  it('delivers messages in the order of their frames', async () => {
    net.socket('/s', (socket) => ['a:50', 'b:10', 'c', 'bad:5', 'd:1'].map((frame) => socket.send(frame)))
    const session = recordWire(fromWebSocket('/s', { decode: slowly }))
    await net.advance(40)
    expect(session.data).toEqual([])
    await net.advance(60)
    expect(session.data).toEqual(['a', 'b', 'c', 'd'])
  })

  it('delivers all messages before the end of the connection', async () => {
    net.socket('/s', (socket) => {
      socket.send('a:500')
      socket.send('b')
      socket.close(1000)
    })
    const session = recordWire(fromWebSocket('/s', { decode: slowly }))
    await net.advance(1_000)
    expect(session.types).toEqual(['connecting', 'open', 'message', 'message', 'close'])
    expect(session.data).toEqual(['a', 'b'])
  })

  it('delivers all messages before an end marker, and none after it', async () => {
    net.socket('/s', (socket) => ['a:50', 'END', 'b'].map((frame) => socket.send(frame)))
    const session = recordWire(fromWebSocket('/s', { decode: slowly, endMarker: 'END' }))
    await net.advance(1_000)
    expect(session.data).toEqual(['a'])
    expect(session.isComplete).toBe(true)
  })

  it('emits nothing after the subscriber has left', async () => {
    net.socket('/s', (socket) => ['a:50', 'b'].map((frame) => socket.send(frame)))
    const session = recordWire(fromWebSocket('/s', { decode: slowly }))
    await net.advance(20)
    session.unsubscribe()
    await net.advance(1_000)
    expect(session.types).toEqual(['connecting', 'open'])
  })

  it.each<[string, string, number]>([
    ['more than 1,000 frames', 'a', 1_001],
    ['more than 8 MiB', 'a'.repeat(1024 * 1024), 9],
  ])('fails the wire with kind `overflow` if %s are pending', async (_, frame, count) => {
    net.socket('/s', (socket) => {
      for (let sent = 0; sent < count; sent += 1) socket.send(`${frame}:1000`)
    })
    const session = recordWire(fromWebSocket('/s', { decode: slowly }))
    await net.advance(500)
    expect(session.error).toMatchObject({ kind: 'overflow', retryable: false })
    expect(net.open).toBe(0)
  })

  it('skips a frame whose promise does not settle within 30 s', async () => {
    net.socket('/s', (socket) => ['a:31000', 'b'].map((frame) => socket.send(frame)))
    const errors: string[] = []
    const onBadMessage = ({ message }: Error) => errors.push(message)
    const session = recordWire(fromWebSocket('/s', { decode: slowly, onBadMessage }))
    await net.advance(30_100)
    expect(session.data).toEqual(['b'])
    expect(errors).toEqual([expect.stringContaining('did not settle within 30000 ms')])
  })
})

describe('createDecoder', () => {
  it('is called for each connection, so that a decoder keeps the parts of one message', async () => {
    const socket = net.socket('/s', (socket) => ['a', 'b.', 'c'].map((frame) => socket.send(frame)))
    const createDecoder = () => {
      let parts = ''
      return {
        messages: (frame: WebSocketData) => {
          parts += frame
          return parts.endsWith('.') ? [parts] : []
        },
        decode: String,
      }
    }
    const session = recordWire(fromWebSocket('/s', { createDecoder }))
    await net.advance(100)
    socket.cut()
    await net.advance(10_000)
    expect(session.data).toEqual(['ab.', 'ab.'])
  })
})

describe('a decode function that returns a promise', () => {
  const decode = async (body: unknown) => body
  it.each<[string, () => Wire<unknown>]>([
    ['fromFetch', () => fromFetch('/a', { decode })],
    ['fromPoll', () => fromPoll('/a', { decode })],
    ['fromLongPoll', () => fromLongPoll('/a', { decode })],
    ['fromEventSource', () => fromEventSource('/sse', { decode })],
  ])('ends %s with an error that says so', async (_, connect) => {
    net.route('*', '/a', () => Response.json('a'))
    net.route('*', '/sse', () => new Response('data: a\n\n', { headers: { 'content-type': 'text/event-stream' } }))
    const session = recordWire(connect())
    await net.advance(1_000)
    expect(session.error).toMatchObject({ kind: 'decode', retryable: false })
    expect(String(session.error)).toContain('decode returned a promise')
    expect(net.open).toBe(0)
  })
})
