import { tap } from 'rxjs'
import { fromEventSource, fromFetchStream, fromWebSocket, ndjson, sse, toAsyncIterable, type Wire } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { rows, streamEngines } from './fetch-streams.ts'

interface Row {
  readonly n: number
}

/** Waits until the server stops writing, and returns the number of rows. */
async function writtenAtLast(server: Backend): Promise<number> {
  let before = -1
  await expect
    .poll(
      async () => {
        const { written } = await server.stats()
        const stands = written === before
        before = written
        return stands
      },
      { interval: 300 },
    )
    .toBe(true)
  return before
}

for (const { name, options: engine } of streamEngines()) {
  const wireOf = (url: string): Wire<Row> => fromFetchStream(url, { ...engine, decode: ndjson<Row>() })

  describe(`toAsyncIterable of fromFetchStream (${name})`, () => {
    it('yields every row once and in order', async () => {
      const taken: Row[] = []
      for await (const row of toAsyncIterable(wireOf(backend().url('/stream/ndjson', { count: 5_000 })))) {
        taken.push(row)
      }
      expect(taken).toEqual(rows(5_000))
    })

    it('connects when an iteration starts, once for each', async () => {
      const server = backend()
      const iterable = toAsyncIterable(wireOf(server.url('/stream/ndjson', { count: 3 })))
      expect((await server.stats()).seen).toEqual([])
      for (let time = 1; time <= 2; time += 1) {
        const taken: Row[] = []
        for await (const row of iterable) taken.push(row)
        expect(taken).toEqual(rows(3))
        expect((await server.stats()).seen).toHaveLength(time)
      }
    })

    const leaves: Record<string, (row: Row) => boolean> = {
      breaks: ({ n }) => n === 3,
      throws: ({ n }) => {
        if (n === 3) throw new RangeError('enough')
        return false
      },
    }
    for (const [how, leave] of Object.entries(leaves)) {
      it(`closes the connection when the loop ${how}`, async () => {
        const server = backend()
        const url = server.url('/stream/ndjson', { count: 1_000_000, everyMs: 5 })
        const taken: Row[] = []
        const loop = async () => {
          for await (const row of toAsyncIterable(wireOf(url))) {
            taken.push(row)
            if (leave(row)) break
          }
        }
        if (how === 'throws') await expect(loop()).rejects.toThrow('enough')
        else await loop()
        await server.expectNoConnections()
        expect(taken).toEqual(rows(3))
      })
    }

    it('throws the error of the wire once, after its messages', async () => {
      const url = backend().url('/stream/answer', { words: 10, truncate: 4 })
      const options = { ...engine, decode: sse(), endMarker: '[DONE]' }
      const iterator = toAsyncIterable(fromFetchStream(url, options))[Symbol.asyncIterator]()
      for (let n = 1; n <= 4; n += 1)
        expect(await iterator.next()).toMatchObject({ done: false, value: { id: `${n}` } })
      await expect(iterator.next()).rejects.toMatchObject({ kind: 'truncated' })
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    })

    if (name === 'fetch') {
      const because = unable('apply backpressure to a body')
      const busy = `slows the server down while the loop is busy and yields every row${because}`
      it.skipIf(because !== '')(busy, async () => {
        const server = backend()
        const count = 100_000
        const url = server.url('/stream/ndjson', { count, pad: 1_000 })
        let taken = 0
        for await (const { n } of toAsyncIterable(wireOf(url))) {
          taken += 1
          expect(n).toBe(taken)
          if (taken !== 100) continue
          const ahead = (await writtenAtLast(server)) - taken
          expect(ahead).toBeLessThan(count / 4)
        }
        expect(taken).toBe(count)
        expect((await server.stats()).written).toBe(count)
      })

      it('does not count a pause of the loop towards stallTimeoutMs', async () => {
        const server = backend()
        const count = 50_000
        const url = server.url('/stream/ndjson', { count, pad: 1_000 })
        const options = { ...engine, decode: ndjson<Row>(), stallTimeoutMs: 800 }
        let taken = 0
        for await (const _ of toAsyncIterable(fromFetchStream(url, options))) {
          taken += 1
          if (taken === 100) await new Promise((resolve) => setTimeout(resolve, 2_500))
        }
        expect(taken).toBe(count)
      })
    } else {
      it('fails with kind `overflow` above the capacity, because this engine has no backpressure', async () => {
        const url = backend().url('/stream/ndjson', { count: 5_000 })
        const taken: number[] = []
        const loop = async () => {
          for await (const { n } of toAsyncIterable(wireOf(url), { capacity: 100 })) {
            taken.push(n)
            if (n === 1) await new Promise((resolve) => setTimeout(resolve, 1_000))
          }
        }
        await expect(loop()).rejects.toMatchObject({ name: 'WireError', kind: 'overflow' })
        expect(taken.length).toBeLessThan(5_000)
      })
    }
  })
}

describe('toAsyncIterable of fromWebSocket', () => {
  it('closes the connection above the capacity and fails with kind `overflow` after the buffered messages', async () => {
    const server = backend()
    const wire = fromWebSocket(server.url('/ws/feed', { count: 20_000, hold: 1 }), {
      decode: (text) => String(text),
      sendOnOpen: () => '{"after":""}',
      reconnect: quick,
    })
    const taken: string[] = []
    const loop = async () => {
      for await (const message of toAsyncIterable(wire, { capacity: 100 })) {
        taken.push(message)
        if (taken.length === 1) await server.expectNoConnections()
      }
    }
    await expect(loop()).rejects.toMatchObject({
      name: 'WireError',
      kind: 'overflow',
      message: expect.stringContaining('100'),
    })
    // Those within the capacity, the one that exceeded it, and the first, if the loop has taken it before.
    expect([101, 102]).toContain(taken.length)
  })
})

describe('toAsyncIterable of fromEventSource', () => {
  it('reads no further than a slice while the loop is busy, and yields every message', async () => {
    const server = backend()
    const count = 20_000
    const wire = fromEventSource(server.url('/sse/feed', { count }), { reconnect: quick })
    let received = 0
    let taken = 0
    const counted = wire.pipe(
      tap((event) => {
        if (event.type === 'message') received += 1
      }),
    )
    for await (const message of toAsyncIterable(counted, { capacity: 10 })) {
      taken += 1
      expect(message).toBe(String(taken))
      if (taken === 5) await new Promise((resolve) => setTimeout(resolve, 300))
      // A slice has 8 Ki characters, and an event more than 8.
      expect(received - taken).toBeLessThan(1_024)
    }
    expect(taken).toBe(count)
  })

  it('yields every message within the capacity', async () => {
    const url = backend().url('/sse/feed', { count: 500 })
    const taken: string[] = []
    const wire = fromEventSource(url, { reconnect: quick })
    for await (const message of toAsyncIterable(wire, { capacity: 500 })) taken.push(message)
    expect(taken).toHaveLength(500)
  })
})
