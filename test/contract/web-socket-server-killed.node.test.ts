import { createOutbox, fromWebSocket, json } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { type ServerProcess, startServerProcess } from '../server/process.ts'
import { expectSame, firstCause, numbers, waitings } from './web-sockets.ts'

async function start(port?: number): Promise<ServerProcess> {
  const server = await startServerProcess(port)
  onTestFinished(() => server.kill())
  return server
}

describe('fromWebSocket, when the server process is killed', () => {
  it('resumes after the cursor when the server restarts, and loses and repeats no message', async () => {
    const count = 200_000
    const server = await start()
    let seen = () => {}
    const inTheMidst = new Promise<void>((resolve) => (seen = resolve))
    const session = record(
      fromWebSocket(`${server.url}/ws/feed?count=${count}`, {
        decode: String,
        idOf: (message) => message,
        sendOnOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
        reconnect: quick,
      }),
      (event) => {
        if (event.type === 'message' && event.data === '1000') seen()
      },
    )
    await inTheMidst
    await server.kill()
    await session.until('waiting', 3)
    const before = session.data().length
    expect(before).toBeLessThan(count)
    expect(firstCause(session)).toMatchObject({ name: 'CloseError', code: 1006, wasClean: false })
    expect(waitings(session)[1]?.cause).toMatchObject({ name: 'WireError', kind: 'network' })
    await start(server.port)
    expect(await session.ended()).toBe('complete')
    expectSame(session.data(), numbers(count))
  })

  it('sends the messages again that the server had not acknowledged', async () => {
    const server = await start()
    const outbox = createOutbox<{ id: string }, { ack: string }>({
      idOf: ({ id }) => id,
      acknowledge: ({ ack }) => ack,
    })
    const session = record(
      fromWebSocket(`${server.url}/ws/commands?ack&ackAfter=6&key=killed`, {
        decode: json<{ ack: string }>(),
        outgoing: outbox,
        reconnect: quick,
      }),
    )
    for (const id of numbers(5)) await outbox.send({ id })
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 5 })
    await server.kill()
    await session.until('waiting')
    const acknowledged = outbox.send({ id: '6' }, { until: 'acknowledged' })
    expect(outbox.getCounts()).toMatchObject({ queued: 6, inFlight: 0 })
    const next = await start(server.port)
    await acknowledged
    const stats = await (await fetch(`${next.url}/lab/stats?key=killed`)).json()
    expect(stats).toMatchObject({ received: numbers(6).map((id) => `{"id":"${id}"}`) })
  })
})
