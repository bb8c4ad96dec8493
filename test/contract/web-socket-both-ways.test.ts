import { createOutbox, fromWebSocket, json } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { expectSame, numbers } from './web-sockets.ts'

interface Command {
  readonly id?: string
  readonly done?: true
}

type Incoming = { readonly id: number; readonly ack?: undefined } | { readonly id?: undefined; readonly ack: string }

async function* commands(count: number): AsyncGenerator<Command> {
  for (const id of numbers(count)) yield { id }
  // Never acknowledged, so it is sent again on each connection until the server closes one.
  yield { done: true }
}

describe('fromWebSocket in both directions', () => {
  it('loses and repeats none of 20,000 messages in each direction through 200 random cuts', {
    timeout: 180_000,
  }, async () => {
    const count = 20_000
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ cutAtRandom: { times: 200, minBytes: 250, maxBytes: 4_000, seed: 12 } })
    const outbox = createOutbox<Command, Incoming>({
      capacity: 100,
      idOf: ({ id = 'done' }) => id,
      acknowledge: ({ ack }) => ack,
    })
    const session = record(
      fromWebSocket(proxy.url('/ws/exchange', { count }), {
        decode: json<Incoming>(),
        idOf: ({ id }) => id?.toString(),
        sendOnOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
        outgoing: outbox,
        reconnect: quick,
      }),
    )
    const fed = outbox.feed(commands(count))
    await expect.poll(() => session.end, { timeout: 150_000 }).toBeDefined()
    expect(session.end).toBe('complete')
    await fed
    expect((await proxy.order({})).cuts).toBe(200)
    expectSame(
      session.data().flatMap(({ id }) => (id === undefined ? [] : [String(id)])),
      numbers(count),
    )
    expectSame((await server.stats()).received, numbers(count))
    expect(outbox.getCounts()).toMatchObject({ queued: 1, inFlight: 0, dropped: 0 })
  })
})
