import { createOutbox, fromWebSocket } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

interface Command {
  readonly id: string
}

const acknowledged = {
  idOf: ({ id }: Command) => id,
  acknowledge: (incoming: unknown) => (incoming as { readonly ack?: string }).ack,
}

/** Sends the outbox over `/commands`. */
function connect(outgoing: ReturnType<typeof createOutbox<Command>>) {
  return recordWire(fromWebSocket('/commands', { outgoing, decode: (text) => JSON.parse(String(text)) }))
}

describe('acknowledgeTimeoutMs', () => {
  it('drops a message that the server does not acknowledge in time', async () => {
    net.socket('/commands', () => {})
    const outbox = createOutbox<Command>({ ...acknowledged, acknowledgeTimeoutMs: 5_000 })
    connect(outbox)
    const failure = outbox.send({ id: '1' }, { until: 'acknowledged' }).catch((error: unknown) => error)
    await net.advance(4_000)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 1, dropped: 0 })
    await net.advance(2_000)
    expect(await failure).toMatchObject({ kind: 'timeout', message: expect.stringContaining('may have arrived') })
    expect(outbox.getCounts()).toMatchObject({ inFlight: 0, queued: 0, dropped: 1 })
  })

  it('counts only the time on an open connection', async () => {
    const socket = net.socket('/commands', () => {})
    const outbox = createOutbox<Command>({ ...acknowledged, acknowledgeTimeoutMs: 5_000 })
    connect(outbox)
    outbox.send({ id: '1' }).catch(() => {})
    await net.advance(4_000)
    net.offline()
    socket.cut()
    await net.advance(30_000)
    expect(outbox.getCounts()).toMatchObject({ queued: 1, dropped: 0 })
    net.online()
    await net.advance(2_000)
    socket.send({ ack: '1' })
    await net.advance(100)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: 0 })
  })
})

describe('maxDeliveries', () => {
  it('drops a message that ends its connection each time, and sends the ones behind it', async () => {
    const socket = net.socket('/commands', (server) => {
      server.onMessage = (frame) => {
        const { id } = JSON.parse(String(frame)) as Command
        if (id === 'poison') server.close(1011)
        else server.send(JSON.stringify({ ack: id }))
      }
    })
    const outbox = createOutbox<Command>({ ...acknowledged, maxDeliveries: 3 })
    connect(outbox)
    const failure = outbox.send({ id: 'poison' }, { until: 'acknowledged' }).catch((error: unknown) => error)
    await net.advance(60_000)
    expect(await failure).toMatchObject({ kind: 'closed', message: expect.stringContaining('was sent 3 times') })
    expect(socket.received).toHaveLength(3)
    await outbox.send({ id: 'fine' })
    await net.advance(1_000)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: 1 })
  })
})
