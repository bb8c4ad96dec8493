import { Subject } from 'rxjs'
import { createOutbox, fromWebSocket } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { receivedBy, waitings } from './web-sockets.ts'

const because = unable('abort a socket while it connects')

describe('fromWebSocket, when it is closed or cannot connect', () => {
  it('closes with 1000 when the subscriber unsubscribes', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/held'), { reconnect: quick }))
    await session.until('open')
    session.stop()
    await server.expectNoConnections()
    expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
  })

  it('closes with 1000 and emits nothing more after an unsubscribe during a burst', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/burst', { count: 5_000, hold: 1 })), (event) => {
      if (event.type === 'message') session.stop()
    })
    await session.until('message')
    await server.expectNoConnections()
    expect(session.data()).toHaveLength(1)
    expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
  })

  it('delivers messages that were sent before the subscriber unsubscribes', async () => {
    const server = backend()
    const outbox = createOutbox<string>()
    const session = record(fromWebSocket(server.url('/ws/commands'), { outgoing: outbox, reconnect: quick }))
    await session.until('open')
    await outbox.send('goodbye')
    session.stop()
    expect(await receivedBy(server, 1)).toEqual(['goodbye'])
  })

  it('closes with 1000 and reconnects when reconnectNow emits', async () => {
    const server = backend()
    const reconnectNow = new Subject<void>()
    const session = record(fromWebSocket(server.url('/ws/held'), { reconnect: { ...quick, reconnectNow } }))
    await session.until('open')
    reconnectNow.next()
    await session.until('open', 2)
    expect(session.types()).toEqual(['connecting', 'open', 'connecting', 'open'])
    await expect.poll(async () => (await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
    expect((await server.stats()).open).toBe(1)
  })

  const leaving = `closes the socket when the subscriber unsubscribes while it connects${because}`
  it.skipIf(because !== '')(leaving, async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ passage: 'swallowing' })
    const session = record(fromWebSocket(proxy.url('/ws/held'), { reconnect: quick }))
    await expect.poll(async () => (await proxy.order({})).links).toBe(1)
    session.stop()
    await expect.poll(async () => (await proxy.order({})).links).toBe(0)
    expect(session.types()).toEqual(['connecting'])
    expect((await server.stats()).seen).toEqual([])
  })

  it('closes the socket when the subscriber unsubscribes just before the server responds', async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ passage: 'stalled' })
    const session = record(fromWebSocket(proxy.url('/ws/held'), { reconnect: quick }))
    await expect.poll(async () => (await proxy.order({})).links).toBe(1)
    // The proxy holds the handshake. The server receives it only after the unsubscribe.
    session.stop()
    await proxy.order({ passage: 'open' })
    await expect.poll(async () => (await proxy.order({})).links).toBe(0)
    await server.expectNoConnections()
    expect(session.types()).toEqual(['connecting'])
  })

  const longer = 'aborts an attempt after connectTimeoutMs, extends it for the next one, and leaks no socket'
  it.skipIf(because !== '')(`${longer}${because}`, async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ passage: 'swallowing' })
    const session = record(fromWebSocket(proxy.url('/ws/held'), { connectTimeoutMs: 200, reconnect: quick }))
    await session.until('waiting', 4)
    const causes = waitings(session).map(({ attempt, cause }) => [attempt, cause])
    expect(causes.slice(0, 4)).toMatchObject([
      [1, { kind: 'timeout', retryable: true, message: expect.stringContaining('within 200 ms') }],
      [2, { kind: 'timeout', retryable: true, message: expect.stringContaining('within 240 ms') }],
      [3, { kind: 'timeout', retryable: true, message: expect.stringContaining('within 280 ms') }],
      [4, { kind: 'timeout', retryable: true, message: expect.stringContaining('within 320 ms') }],
    ])
    await expect.poll(async () => (await proxy.order({})).links).toBeLessThanOrEqual(1)
    session.stop()
    await expect.poll(async () => (await proxy.order({})).links).toBe(0)
    await server.expectNoConnections()
  })

  it('connects after an attempt without a response', async () => {
    const proxy = await backend().proxy()
    await proxy.order({ passage: 'swallowing' })
    const session = record(fromWebSocket(proxy.url('/ws/held'), { connectTimeoutMs: 500, reconnect: quick }))
    await session.until('waiting')
    await proxy.order({ passage: 'open' })
    await session.until('open')
    expect(session.types().at(-1)).toBe('open')
  })
})
