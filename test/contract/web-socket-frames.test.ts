import { createOutbox, fromWebSocket, json, type LimitBurstOptions, limitBurst, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { expectSame, numbers, receivedBy } from './web-sockets.ts'

interface Numbered {
  readonly n: number
  readonly key: number
}

describe('fromWebSocket with invalid messages', () => {
  const decoders = {
    'a function': JSON.parse as (text: string) => { n: number },
    'a schema': z.object({ n: z.number() }),
  }
  for (const [name, decode] of Object.entries(decoders)) {
    it(`skips them and counts them (decoded by ${name})`, async () => {
      const told: [boolean, string, number][] = []
      const session = record(
        fromWebSocket(backend().url('/ws/bad-frames'), {
          decode,
          reconnect: quick,
          onBadMessage: (error, skipped) => told.push([error instanceof WireError, error.kind, skipped]),
        }),
      )
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ n: 1 }])
      expect(told).toEqual([
        [true, 'decode', 1],
        [true, 'decode', 2],
      ])
    })

    it(`fails and closes the connection with onBadMessage: \`fail\` (decoded by ${name})`, async () => {
      const server = backend()
      const session = record(
        fromWebSocket(server.url('/ws/bad-frames'), { decode, onBadMessage: 'fail', reconnect: quick }),
      )
      expect(await session.ended()).toMatchObject({ kind: 'decode', message: expect.stringContaining('not json') })
      expect(session.types()).toEqual(['connecting', 'open'])
      await server.expectNoConnections()
      expect((await server.stats()).seen).toHaveLength(1)
    })
  }

  it('passes an error that quotes a message which a schema rejects', async () => {
    const errors: WireError[] = []
    const decode = z.object({ n: z.number().max(1) })
    const onBadMessage = (error: WireError) => errors.push(error)
    const url = backend().url('/ws/burst', { count: 2 })
    const session = record(fromWebSocket(url, { decode, onBadMessage, reconnect: quick }))
    expect(await session.ended()).toBe('complete')
    // The schema removes unknown fields.
    expect(session.data()).toEqual([{ n: 1 }])
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('{"n":2,"key":2}')])
  })

  it('skips a message when idOf throws', async () => {
    const told: [string, number][] = []
    const session = record(
      fromWebSocket(backend().url('/ws/burst', { count: 5 }), {
        decode: json<Numbered>(),
        reconnect: quick,
        onBadMessage: (error, skipped) => told.push([error.message, skipped]),
        idOf: ({ n }) => {
          if (n === 3) throw new RangeError('three has no id')
          return String(n)
        },
      }),
    )
    expect(await session.ended()).toBe('complete')
    expect(session.data().map(({ n }) => n)).toEqual([1, 2, 4, 5])
    expect(told).toEqual([[expect.stringContaining('three has no id'), 1]])
  })

  it('sends the output of the encode schema and rejects a message that fails validation', async () => {
    const server = backend()
    const outbox = createOutbox<{ n: number }>()
    const encode = z.object({ n: z.number() }).transform(({ n }) => ({ twice: 2 * n }))
    record(fromWebSocket(server.url('/ws/held'), { outgoing: outbox, encode, reconnect: quick }))
    const refused = outbox.send({ n: 'one' } as never)
    const sent = outbox.send({ n: 2 })
    await expect(refused).rejects.toThrow(TypeError)
    await sent
    expect(await receivedBy(server, 1)).toEqual(['{"twice":4}'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 1, dropped: 1 })
  })
})

describe('fromWebSocket during a burst', () => {
  const count = 5_000

  it('loses no message by default', async () => {
    const url = backend().url('/ws/burst', { count })
    const session = record(fromWebSocket(url, { decode: json<Numbered>(), reconnect: quick }))
    expect(await session.ended()).toBe('complete')
    expectSame(
      session.data().map(({ n }) => String(n)),
      numbers(count),
    )
  })

  /** Records, for each animation frame with drops, the messages that were delivered since the previous such frame. */
  async function throughBurst(burst: Pick<LimitBurstOptions<Numbered>, 'maxCount' | 'overflow' | 'conflateBy'>) {
    const frames: number[][] = []
    let frame: number[] = []
    let dropped = 0
    const onDrop = (soFar: number) => {
      dropped = soFar
      frames.push(frame)
      frame = []
    }
    const url = backend().url('/ws/burst', { count })
    const wire = fromWebSocket(url, {
      decode: json<Numbered>(),
      reconnect: quick,
      burst: limitBurst({ ...burst, onDrop }),
    })
    const session = record(wire, (event) => {
      if (event.type === 'message') frame.push(event.data.n)
    })
    const end = await session.ended()
    return { session, end, frames, dropped, data: session.data().map(({ n }) => n) }
  }

  it('delivers the last messages of each animation frame in order with `drop-oldest`', async () => {
    const { end, frames, dropped, data } = await throughBurst({ maxCount: 50, overflow: 'drop-oldest' })
    expect(end).toBe('complete')
    expect(dropped).toBeGreaterThan(0)
    expect(data.length + dropped).toBe(count)
    for (const frame of frames) expectInARow(frame.slice(-50))
    expect(data.at(-1)).toBe(count)
    expect(data).toEqual(data.toSorted((a, b) => a - b))
  })

  it('delivers the first messages of each animation frame in order with `drop-newest`', async () => {
    const { end, frames, dropped, data } = await throughBurst({ maxCount: 50, overflow: 'drop-newest' })
    expect(end).toBe('complete')
    expect(dropped).toBeGreaterThan(0)
    expect(data.length + dropped).toBe(count)
    expect(data.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
    for (const frame of frames) expectInARow(frame.slice(-50))
    expect(data).toEqual(data.toSorted((a, b) => a - b))
  })

  it('delivers the last message of each key with `conflate`', async () => {
    const conflateBy = ({ key }: Numbered) => key
    const { session, end, dropped, data } = await throughBurst({ maxCount: 50, overflow: 'conflate', conflateBy })
    expect(end).toBe('complete')
    expect(dropped).toBeGreaterThan(0)
    expect(data.length + dropped).toBe(count)
    const last = new Map(session.data().map(({ n, key }) => [key, n]))
    expect([...last.values()].toSorted()).toEqual(Array.from({ length: 10 }, (_, index) => count - 9 + index))
  })

  it('fails with kind `overflow` and does not retry with `fail`', async () => {
    const { session, end } = await throughBurst({ maxCount: 50, overflow: 'fail' })
    expect(end).toMatchObject({ kind: 'overflow', message: expect.stringContaining('50') })
    expect(session.types()).not.toContain('waiting')
  })
})

function expectInARow(frame: readonly number[]): void {
  expect(frame).toEqual(Array.from({ length: 50 }, (_, index) => (frame[0] ?? 0) + index))
}
