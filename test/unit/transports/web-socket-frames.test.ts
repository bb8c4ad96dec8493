import { type CloseError, createOutbox, fromWebSocket, type WebSocketOptions } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()
const never = () => new Promise<never>(() => {})

describe('sendOnOpen', () => {
  it.each<[string, WebSocketOptions<string>['sendOnOpen'], unknown[]]>([
    ['one text', () => 'hello', ['hello']],
    ['several frames', () => ['a', new Uint8Array([1])], ['a', new Uint8Array([1])]],
    ['nothing', () => undefined, []],
    ['a promise', async () => 'later', ['later']],
  ])('sends %s', async (_, sendOnOpen, expected) => {
    const socket = net.socket('/s', () => {})
    recordWire(fromWebSocket('/s', { sendOnOpen, decode: String }))
    await net.advance(100)
    expect(socket.received).toEqual(expected)
  })

  it.each<[string, unknown]>([
    ['an object', { token: 'secret' }],
    ['a number', 7],
    ['an array with an object', [{ token: 'secret' }]],
    ['a promise in an array', [Promise.resolve('a')]],
  ])('fails the wire for %s, and sends nothing', async (_, value) => {
    const socket = net.socket('/s', () => {})
    const session = recordWire(fromWebSocket('/s', { sendOnOpen: () => value as string, reconnect: false }))
    await net.advance(100)
    expect(String(session.error)).toContain('sendOnOpen must return text or binary data')
    expect(String(session.error)).not.toContain('secret')
    expect(socket.received).toEqual([])
  })

  it('fails the attempt if its promise does not settle within connectTimeoutMs', async () => {
    net.socket('/s', () => {})
    const session = recordWire(fromWebSocket('/s', { sendOnOpen: never, connectTimeoutMs: 3_000, reconnect: false }))
    await net.advance(2_999)
    expect(session.error).toBeUndefined()
    await net.advance(100)
    expect(session.error).toMatchObject({ kind: 'timeout', retryable: true })
    expect(net.open).toBe(0)
  })

  it('leaves no timer when the subscriber leaves before its promise has settled', async () => {
    net.socket('/s', () => {})
    const session = recordWire(fromWebSocket('/s', { sendOnOpen: never }))
    await net.advance()
    expect(session).toEmit(['connecting', 'open'])
    session.unsubscribe()
    await net.advance()
    expect(net.timers).toBe(0)
  })
})

it('a message is encoded once: it is sent as it was measured', async () => {
  const socket = net.socket('/s', () => {})
  const toJSON = vi.fn(() => 'a')
  const message = { toJSON }
  const outgoing = createOutbox<typeof message>()
  recordWire(fromWebSocket('/s', { outgoing, decode: String }))
  const sent = outgoing.send(message)
  await net.advance(100)
  await sent
  expect(socket.received).toEqual(['"a"'])
  expect(toJSON).toHaveBeenCalledOnce()
})

describe('encode', () => {
  it.each<[string, unknown]>([
    ['an object', {}],
    ['undefined', undefined],
    ['a promise', Promise.resolve('a')],
  ])('rejects the message if it returns %s', async (_, frame) => {
    const socket = net.socket('/s', () => {})
    const outgoing = createOutbox<string>()
    recordWire(fromWebSocket('/s', { outgoing, encode: () => frame as string, decode: String }))
    const sent = outgoing.send('a').catch((error: unknown) => error)
    await net.advance(100)
    expect(String(await sent)).toContain('encode must return text or binary data')
    expect(socket.received).toEqual([])
  })
})

describe('isReady', () => {
  it('holds queued messages back until the server has accepted the first frames', async () => {
    const socket = net.socket('/s', () => {})
    const outgoing = createOutbox<string>()
    outgoing.send('a').catch(() => {})
    const isReady = (message: string) => message === 'ack'
    recordWire(fromWebSocket('/s', { outgoing, sendOnOpen: () => 'init', isReady, decode: String }))
    await net.advance(1_000)
    expect(socket.received).toEqual(['init'])
    socket.send('something else')
    await net.advance(100)
    expect(socket.received).toEqual(['init'])
    socket.send('ack')
    await net.advance(100)
    expect(socket.received).toEqual(['init', 'a'])
  })
})

describe('messages', () => {
  it('delivers each message of a frame, and ends within one', async () => {
    const socket = net.socket('/s', () => {})
    const session = recordWire(
      fromWebSocket('/s', {
        messages: (frame) => String(frame).split('\u001e').filter(Boolean),
        decode: String,
        endsWhen: (message) => message === 'c',
      }),
    )
    await net.advance(100)
    socket.send('a\u001eb\u001e')
    socket.send('c\u001ed\u001e')
    await net.advance(100)
    expect(session.data).toEqual(['a', 'b', 'c'])
    expect(session.isComplete).toBe(true)
  })

  it('treats a frame that it cannot split as a bad message', async () => {
    const socket = net.socket('/s', () => {})
    const errors: string[] = []
    const session = recordWire(
      fromWebSocket('/s', {
        messages: (frame) => JSON.parse(String(frame)) as string[],
        decode: String,
        onBadMessage: ({ kind }) => errors.push(kind),
      }),
    )
    await net.advance(100)
    for (const frame of ['{', '["a"]']) socket.send(frame)
    await net.advance(100)
    expect(errors).toEqual(['decode'])
    expect(session.data).toEqual(['a'])
  })
})

describe('stallTimeoutMs', () => {
  it('replaces a connection on which the server is silent', async () => {
    const socket = net.socket('/s', () => {})
    const session = recordWire(fromWebSocket('/s', { stallTimeoutMs: 30_000 }))
    await net.advance(20_000)
    socket.send('ping')
    await net.advance(29_000)
    expect(socket.attempts).toHaveLength(1)
    await net.advance(10_000)
    expect(socket.attempts).toHaveLength(2)
    expect(session.events.find(({ type }) => type === 'waiting')).toMatchObject({ cause: { kind: 'timeout' } })
  })
})

describe('closeCodes as a function', () => {
  it('decides by code and reason, and leaves the rest to the table', async () => {
    const seen: unknown[] = []
    const closeCodes = (code: number, reason: string) => {
      seen.push([code, reason])
      return code >= 4_000 && code < 4_500 ? ('fail' as const) : undefined
    }
    for (const [code, end] of [
      [4_400, 'fail'],
      [1_000, 'complete'],
    ] as const) {
      const socket = net.socket(`/s${code}`, () => {})
      const session = recordWire(fromWebSocket(`/s${code}`, { closeCodes }))
      await net.advance(100)
      socket.close(code)
      await net.advance(60_000)
      if (end === 'complete') expect(session.isComplete).toBe(true)
      else expect((session.error as CloseError).code).toBe(code)
      expect(socket.attempts).toHaveLength(1)
    }
    expect(seen).toContainEqual([4_400, ''])
  })
})
