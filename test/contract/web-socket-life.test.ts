import { Subject } from 'rxjs'
import { createOutbox, fromWebSocket } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { receivedBy, waitings } from './web-sockets.ts'

const because = unable('let go of a socket as it connects')

describe('fromWebSocket, left or kept waiting', () => {
  it('closes with 1000 when its subscriber leaves', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/held'), { reconnect: quick }))
    await session.until('open')
    session.stop()
    await server.expectNoConnections()
    expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
  })

  it('closes with 1000 in the midst of a burst, and is silent from then on', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/burst', { count: 5_000, hold: 1 })), (event) => {
      if (event.type === 'message') session.stop()
    })
    await session.until('message')
    await server.expectNoConnections()
    expect(session.data()).toHaveLength(1)
    expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
  })

  it('lets out what was handed over before its subscriber leaves', async () => {
    const server = backend()
    const outbox = createOutbox<string>()
    const session = record(fromWebSocket(server.url('/ws/commands'), { outgoing: outbox, reconnect: quick }))
    await session.until('open')
    await outbox.send('goodbye')
    session.stop()
    expect(await receivedBy(server, 1)).toEqual(['goodbye'])
  })

  it('closes with 1000 when it is told to reconnect, and connects anew', async () => {
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

  const leaving = `leaves nothing open when its subscriber leaves while it connects${because}`
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

  it('leaves nothing open when its subscriber leaves just as the server answers', async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ passage: 'stalled' })
    const session = record(fromWebSocket(proxy.url('/ws/held'), { reconnect: quick }))
    await expect.poll(async () => (await proxy.order({})).links).toBe(1)
    // The handshake was sent and waits at the proxy: the server will see it, but who asked is gone.
    session.stop()
    await proxy.order({ passage: 'open' })
    await expect.poll(async () => (await proxy.order({})).links).toBe(0)
    await server.expectNoConnections()
    expect(session.types()).toEqual(['connecting'])
  })

  const longer = 'gives an attempt up that nobody answers, gives the next one longer, and leaves no socket behind'
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

  it('connects after an attempt that nobody answered', async () => {
    const proxy = await backend().proxy()
    await proxy.order({ passage: 'swallowing' })
    const session = record(fromWebSocket(proxy.url('/ws/held'), { connectTimeoutMs: 500, reconnect: quick }))
    await session.until('waiting')
    await proxy.order({ passage: 'open' })
    await session.until('open')
    expect(session.types().at(-1)).toBe('open')
  })
})
