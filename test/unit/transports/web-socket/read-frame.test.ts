import { pingPong, type WebSocketData, type WebSocketOptions, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { badMessageHandler, SKIPPED } from '../../../../src/decoders/decode-message.ts'
import { frameReader } from '../../../../src/transports/web-socket/read-frame.ts'

const bare = { id: undefined, isGap: false, isControl: false }

/** The decoder of the first connection of a subscription. */
function reader<T, C = never>(options: WebSocketOptions<T, C>) {
  return frameReader(options, badMessageHandler(options.onBadMessage), new AbortController().signal)
}

describe('frameReader', () => {
  it('returns data unchanged without a decoder', () => {
    const { decode: read } = reader<WebSocketData, never>({})
    const binary = new ArrayBuffer(2)
    expect(read('{"a":1}')).toEqual({ ...bare, message: '{"a":1}' })
    expect(read(binary)).toEqual({ ...bare, message: binary })
  })

  it('passes text and binary data to a decode function', () => {
    const { decode: read } = reader<string, never>({ decode: (data: WebSocketData) => typeof data })
    expect([read('a'), read(new ArrayBuffer(2))]).toEqual([
      { ...bare, message: 'string' },
      { ...bare, message: 'object' },
    ])
  })

  it('passes text as parsed JSON and binary data unchanged to a schema', () => {
    const binary = new ArrayBuffer(2)
    const decode = z.union([z.object({ a: z.number() }), z.instanceof(ArrayBuffer)])
    const { decode: read } = reader<z.output<typeof decode>, never>({ decode })
    expect(read('{"a":1,"b":2}')).toEqual({ ...bare, message: { a: 1 } })
    expect(read(binary)).toEqual({ ...bare, message: binary })
    expect(read('{')).toBe(SKIPPED)
    expect(read('{"a":"one"}')).toBe(SKIPPED)
  })

  it('reads the id, and whether a message is only for the connection', () => {
    const idOf = (message: string) => `${message.length}`
    const isControl = (message: string) => message === 'hello'
    const { decode: read } = reader<string, never>({ decode: String, idOf, isControl })
    expect(read('hello')).toEqual({ ...bare, message: 'hello', id: '5', isControl: true })
    expect(read('tick')).toEqual({ ...bare, message: 'tick', id: '4' })
  })

  it.each([
    ['text', 'pong'],
    ['function', (data: WebSocketData) => String(data).startsWith('po')],
  ])('recognizes a pong by its %s', (_, pong) => {
    const { isPong } = reader<WebSocketData, never>({ heartbeat: pingPong({ ping: () => 'ping', pong }) })
    expect(['pong', 'ping', new ArrayBuffer(4)].map((data) => isPong?.(data))).toEqual([true, false, false])
  })

  it('recognizes no pong by default', () => {
    expect(reader<WebSocketData, never>({ heartbeat: pingPong({ ping: () => 'ping' }) }).isPong).toBeUndefined()
  })

  it.each<[string, Partial<WebSocketOptions<string>>]>([
    ['idOf throws', { idOf: (message) => JSON.parse(message).id }],
    ['decode throws', { decode: JSON.parse }],
  ])('skips a message as bad if %s and counts per subscription', (_, options) => {
    const told: [WireError['kind'], number][] = []
    const given: WebSocketOptions<string> = {
      decode: String,
      ...options,
      onBadMessage: (error, skipped) => told.push([error.kind, skipped]),
    }
    const { decode: read } = reader(given)
    expect([read('{'), read('{')]).toEqual([SKIPPED, SKIPPED])
    reader(given).decode('{')
    expect(told).toEqual([
      ['decode', 1],
      ['decode', 2],
      ['decode', 1],
    ])
  })

  it('skips a message as bad if pong throws', () => {
    const pong = (data: WebSocketData) => JSON.parse(String(data)).type === 'pong'
    const { isPong } = reader<WebSocketData, never>({ heartbeat: pingPong({ ping: () => 'ping', pong }) })
    expect([isPong?.('{'), isPong?.('{"type":"pong"}')]).toEqual([SKIPPED, true])
  })

  it('throws for a bad message if onBadMessage is "fail"', () => {
    const { decode: read } = reader<unknown, never>({ decode: JSON.parse, onBadMessage: 'fail' })
    expect(() => read('{')).toThrow(expect.objectContaining({ kind: 'decode' }))
  })
})
