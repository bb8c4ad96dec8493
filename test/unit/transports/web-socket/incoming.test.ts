import type { WebSocketData, WebSocketOptions, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SKIPPED } from '../../../../src/decoders/decode-message.ts'
import { frameReader } from '../../../../src/transports/web-socket/read-frame.ts'

const bare = { id: undefined, isPong: false }

describe('frameReader', () => {
  it('takes data as it came without a decoder', () => {
    const read = frameReader<WebSocketData, never>({})
    const binary = new ArrayBuffer(2)
    expect(read('{"a":1}')).toEqual({ ...bare, message: '{"a":1}' })
    expect(read(binary)).toEqual({ ...bare, message: binary })
  })

  it('gives a function what came, text or binary', () => {
    const read = frameReader<string, never>({ decode: (data: WebSocketData) => typeof data })
    expect([read('a'), read(new ArrayBuffer(2))]).toEqual([
      { ...bare, message: 'string' },
      { ...bare, message: 'object' },
    ])
  })

  it('gives a schema text as JSON, and binary as it is', () => {
    const binary = new ArrayBuffer(2)
    const decode = z.union([z.object({ a: z.number() }), z.instanceof(ArrayBuffer)])
    const read = frameReader<z.output<typeof decode>, never>({ decode })
    expect(read('{"a":1,"b":2}')).toEqual({ ...bare, message: { a: 1 } })
    expect(read(binary)).toEqual({ ...bare, message: binary })
    expect(read('{')).toBe(SKIPPED)
    expect(read('{"a":"one"}')).toBe(SKIPPED)
  })

  it('asks for the id, and whether a message is an answer to a ping', () => {
    const heartbeat = { ping: () => 'ping', isPong: (message: string) => message === 'pong' }
    const idOf = (message: string) => (message === 'pong' ? undefined : `${message.length}`)
    const read = frameReader<string, never>({ decode: String, idOf, heartbeat })
    expect(read('hello')).toEqual({ message: 'hello', id: '5', isPong: false })
    expect(read('pong')).toEqual({ message: 'pong', id: undefined, isPong: true })
  })

  it('takes nothing for an answer by default', () => {
    const read = frameReader<string, never>({ decode: String, heartbeat: { ping: () => 'ping' } })
    expect(read('pong')).toMatchObject({ isPong: false })
  })

  it.each<[string, Partial<WebSocketOptions<string>>]>([
    ['be asked for its id', { idOf: (message) => JSON.parse(message).id }],
    [
      'be asked whether it is an answer',
      { heartbeat: { ping: () => 'ping', isPong: (message) => JSON.parse(message).pong } },
    ],
    ['be decoded', { decode: JSON.parse }],
  ])('takes what cannot %s for a bad message, counted for each subscription', (_, options) => {
    const told: [WireError['kind'], number][] = []
    const given: WebSocketOptions<string> = {
      decode: String,
      ...options,
      onBadMessage: (error, skipped) => told.push([error.kind, skipped]),
    }
    const read = frameReader(given)
    expect([read('{'), read('{')]).toEqual([SKIPPED, SKIPPED])
    frameReader(given)('{')
    expect(told).toEqual([
      ['decode', 1],
      ['decode', 2],
      ['decode', 1],
    ])
  })

  it('throws for a bad message where that is asked for', () => {
    const read = frameReader<unknown, never>({ decode: JSON.parse, onBadMessage: 'fail' })
    expect(() => read('{')).toThrow(expect.objectContaining({ kind: 'decode' }))
  })
})
