import { createOutbox, fromWebSocket, type SocketFrame, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { firstCause } from './web-sockets.ts'

/** Sends a header with the handshake, which only the `ws` package can do. */
class AuthorizedWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols, { headers: { authorization: 'Bearer 1' } })
  }
}

describe('fromWebSocket with the package `ws`', () => {
  it('sends and receives text and binary messages', async () => {
    const outbox = createOutbox<SocketFrame>()
    const url = backend().url('/ws/echo')
    const session = record(fromWebSocket(url, { WebSocket, outgoing: outbox, reconnect: quick }))
    await outbox.send('text')
    await outbox.send(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))
    await outbox.send(new ArrayBuffer(2))
    await outbox.send('')
    await session.until('message', 4)
    const seen = session.data().map((data) => (typeof data === 'string' ? data : [...new Uint8Array(data)]))
    expect(seen).toEqual(['text', [2, 3], [0, 0], ''])
  })

  it('reports the chosen subprotocol', async () => {
    const url = backend().url('/ws/protocol', { choose: 'v2' })
    const session = record(fromWebSocket(url, { WebSocket, protocols: ['v1', 'v2'], reconnect: quick }))
    await session.until('message')
    expect(session.events).toContainEqual({ type: 'open', protocol: 'v2' })
  })

  it('sends headers', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/held'), { WebSocket: AuthorizedWebSocket, reconnect: quick }))
    await session.until('open')
    expect((await server.stats()).seen.map(({ authorization }) => authorization)).toEqual(['Bearer 1'])
  })

  for (const { code, wasClean, name } of [
    { code: 1011, wasClean: true, name: 'a code' },
    { code: 1005, wasClean: true, name: 'no code' },
    { code: 1006, wasClean: false, name: 'no frame' },
    { code: 2000, wasClean: false, name: 'a reserved code' },
  ]) {
    it(`reconnects when it is closed with ${name}`, async () => {
      const url = backend().url('/ws/closes', { code, times: 1 })
      const session = record(fromWebSocket(url, { WebSocket, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['back'])
      expect(firstCause(session)).toMatchObject({ name: 'CloseError', wasClean, code: code === 2000 ? 1006 : code })
    })
  }

  it('reports the error of the host as `cause`', async () => {
    const url = backend().url('/ws/unavailable')
    const session = record(fromWebSocket(url, { WebSocket, reconnect: { ...quick, maxRetries: 1 } }))
    const error = (await session.ended()) as WireError
    expect(error).toMatchObject({ kind: 'network', retryable: true, cause: expect.any(Error) })
    expect((error.cause as Error).message).toContain('503')
    expect(((firstCause(session) as WireError).cause as Error).message).toContain('503')
  })

  it('closes the socket and throws nothing when the subscriber unsubscribes while it connects', async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ passage: 'swallowing' })
    // Vitest fails the run on an unhandled error.
    const session = record(fromWebSocket(proxy.url('/ws/held'), { WebSocket, reconnect: quick }))
    await expect.poll(async () => (await proxy.order({})).links).toBe(1)
    session.stop()
    await expect.poll(async () => (await proxy.order({})).links).toBe(0)
    expect(session.types()).toEqual(['connecting'])
  })

  it('closes with 1000 when the subscriber unsubscribes', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/held'), { WebSocket, reconnect: quick }))
    await session.until('open')
    session.stop()
    await server.expectNoConnections()
    expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
  })
})
