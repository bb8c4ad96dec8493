import { createOutbox, fromWebSocket, type HeartbeatOptions, json, pingPong } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { firstCause, numbers, waitings } from './web-sockets.ts'

const heartbeat: HeartbeatOptions = {
  ping: () => 'ping',
  pong: 'pong',
  everyMs: 100,
  timeoutMs: 300,
}

/** For a server that responds: a pong that is late on a busy machine does not end the connection. */
const patient: HeartbeatOptions = { ...heartbeat, timeoutMs: 20_000 }

describe('fromWebSocket with a heartbeat', () => {
  it('detects a half-open connection and reconnects when the network recovers', async () => {
    const proxy = await backend().proxy()
    const options = { heartbeat: pingPong(heartbeat), connectTimeoutMs: 5_000, reconnect: quick }
    const session = record(fromWebSocket(proxy.url('/ws/heartbeat'), options))
    await session.until('progress')
    await proxy.order({ passage: 'swallowing' })
    await session.until('waiting')
    expect(firstCause(session)).toMatchObject({ kind: 'timeout', retryable: true })
    expect(firstCause(session)).toMatchObject({ message: expect.stringMatching(/ping within 300 ms.*half-open/) })
    await proxy.order({ passage: 'open' })
    await session.until('open', 2)
    const soFar = session.types().filter((type) => type === 'progress').length
    await session.until('progress', soFar + 5)
  })

  it('emits pongs as `progress` and all other messages as `message`', async () => {
    const outbox = createOutbox<string>()
    const session = record(
      fromWebSocket(backend().url('/ws/echo'), {
        heartbeat: pingPong({ ...patient, ping: () => 'pong' }),
        outgoing: outbox,
        reconnect: quick,
      }),
    )
    await session.until('progress', 2)
    await outbox.send('hello')
    await session.until('message')
    const loaded = () => session.events.flatMap((event) => (event.type === 'progress' ? [event.loaded] : []))
    const pongs = session.events.findIndex(({ type }) => type === 'message') - 2
    await session.until('progress', pongs + 1)
    expect(session.data()).toEqual(['hello'])
    expect(loaded().slice(0, 2)).toEqual([4, 8])
    // The bytes of the message count with the next pong.
    expect(loaded()[pongs]).toBe(pongs * 4 + 5 + 4)
    expect(session.events).toContainEqual({ type: 'progress', direction: 'download', loaded: 4 })
  })

  it('recognizes a pong before it is decoded', async () => {
    const server = backend()
    const session = record(
      fromWebSocket(server.url('/ws/heartbeat'), {
        decode: json<{ type: string }>(),
        heartbeat: pingPong({
          ...patient,
          ping: () => JSON.stringify({ type: 'ping' }),
          pong: (data) => String(data).includes('"pong"'),
        }),
        onBadMessage: 'fail',
        reconnect: quick,
      }),
    )
    await session.until('progress', 3)
    expect(session.types()).not.toContain('message')
    expect((await server.stats()).received.slice(0, 3)).toEqual(Array(3).fill('{"type":"ping"}'))
  })

  it('delivers pongs as messages if it cannot recognize them', async () => {
    const { pong: _, ...blind } = patient
    const session = record(
      fromWebSocket(backend().url('/ws/heartbeat'), { heartbeat: pingPong(blind), reconnect: quick }),
    )
    await session.until('message', 3)
    expect(session.data().slice(0, 3)).toEqual(['pong', 'pong', 'pong'])
    expect(session.types()).not.toContain('progress')
  })

  it('fails when the ping function throws', async () => {
    const ping = () => {
      throw new Error('no such thing as a ping')
    }
    const session = record(fromWebSocket(backend().url('/ws/held'), { heartbeat: pingPong({ ping, everyMs: 20 }) }))
    expect(await session.ended()).toMatchObject({ message: expect.stringContaining('no such thing as a ping') })
  })

  it('replaces a connection without pongs', async () => {
    const server = backend()
    const session = record(
      fromWebSocket(server.url('/ws/heartbeat', { mute: 1 }), { heartbeat: pingPong(heartbeat), reconnect: quick }),
    )
    await session.until('open', 3)
    for (const { cause } of waitings(session)) expect(cause).toMatchObject({ kind: 'timeout' })
    await expect.poll(async () => (await server.stats()).open).toBe(1)
    const { closes } = await server.stats()
    expect(closes.slice(0, 2)).toEqual(Array(2).fill({ code: 3008, reason: 'no response to a ping' }))
  })

  it('accepts any message as a sign of life', async () => {
    let pings = 0
    const ping = () => {
      pings += 1
      return 'ping'
    }
    // The server sends no pongs, and the connection outlives the timeout.
    const session = record(
      fromWebSocket(backend().url('/ws/numbers', { count: 120, everyMs: 50 }), {
        decode: String,
        heartbeat: pingPong({ ping, everyMs: 100, timeoutMs: 4_000 }),
        reconnect: quick,
      }),
    )
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual(numbers(120))
    expect(pings).toBeGreaterThan(15)
  })

  it('accepts a message that cannot be decoded as a sign of life', async () => {
    let pings = 0
    const session = record(
      fromWebSocket(backend().url('/ws/heartbeat'), {
        decode: (): string => {
          throw new SyntaxError('never heard of it')
        },
        heartbeat: pingPong({
          ...patient,
          pong: undefined,
          ping: () => {
            pings += 1
            return 'ping'
          },
        }),
        reconnect: quick,
      }),
    )
    await expect.poll(() => pings).toBeGreaterThan(15)
    expect(session.types()).toEqual(['connecting', 'open'])
  })
})
