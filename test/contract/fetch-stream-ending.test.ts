import {
  CloseError,
  type FetchStreamOptions,
  fromFetchStream,
  ndjson,
  type SseMessage,
  type StreamDecoder,
  sse,
} from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import { rows, streamEngines, words } from './fetch-streams.ts'

const answer: FetchStreamOptions<SseMessage<string>> & { decode: StreamDecoder<SseMessage<string>> } = {
  decode: sse(),
  endMarker: '[DONE]',
  failsWhen: ({ name, data }) => (name === 'error' ? JSON.parse(data).error : undefined),
  retry: quick,
}

function said(session: Recording<SseMessage<string>>): string[] {
  return session.data().map(({ data }) => data)
}

for (const { name, options: engine } of streamEngines()) {
  describe(`fromFetchStream (${name})`, () => {
    it('completes at the end marker and does not deliver it', async () => {
      const server = backend()
      const session = record(fromFetchStream(server.url('/stream/answer', { words: 50 }), { ...engine, ...answer }))
      expect(await session.ended()).toBe('complete')
      expect(said(session)).toEqual(words(50))
      expect(session.events.at(-1)).toEqual({ type: 'close', wasClean: true })
      await server.expectNoConnections()
    })

    const ends: [string, Partial<FetchStreamOptions<{ n: number }>>, number][] = [
      ['endsWhen matches, after the message that matched', { endsWhen: ({ n }) => n === 3 }, 3],
      ['endMarker equals the text of a record, which is not delivered', { endMarker: '{"n":3}' }, 2],
      ['endMarker recognises the text of a record', { endMarker: (text) => text.includes('3') }, 2],
    ]
    for (const [when, end, delivered] of ends) {
      it(`completes at once when ${when}, although the server keeps sending`, async () => {
        const server = backend()
        const url = server.url('/stream/ndjson', { count: 1_000_000, everyMs: 5 })
        const decode = ndjson<{ n: number }>()
        const session = record(fromFetchStream(url, { ...engine, ...end, decode }))
        expect(await session.ended()).toBe('complete')
        expect(session.data()).toEqual(rows(delivered))
        expect(session.types().filter((type) => type === 'close')).toHaveLength(1)
        await server.expectNoConnections()
        expect((await server.stats()).written).toBeLessThan(1_000_000)
      })
    }

    it('ignores the records after the end in the same chunk', async () => {
      const url = backend().url('/stream/ndjson', { count: 1_000 })
      const decode = ndjson<{ n: number }>()
      const asked: number[] = []
      const endsWhen = ({ n }: { n: number }) => {
        asked.push(n)
        return n === 3
      }
      const session = record(fromFetchStream(url, { ...engine, decode, endsWhen }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(rows(3))
      expect(session.types().at(-1)).toBe('close')
      expect(asked).toEqual([1, 2, 3])
    })

    it('delivers the messages so far and fails when the response ends before its marker', async () => {
      const server = backend()
      const url = server.url('/stream/answer', { words: 10, truncate: 4 })
      const session = record(fromFetchStream(url, { ...engine, ...answer }))
      expect(await session.ended()).toMatchObject({ name: 'WireError', kind: 'truncated', retryable: false })
      expect(said(session)).toEqual(words(4))
      expect(session.types()).not.toContain('close')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('retries when the response ends before its first message', async () => {
      const server = backend()
      const url = server.url('/stream/answer', { words: 10, truncate: 0, times: 1 })
      const session = record(fromFetchStream(url, { ...engine, ...answer }))
      expect(await session.ended()).toBe('complete')
      expect(said(session)).toEqual(words(10))
      expect(session.events).toContainEqual(
        expect.objectContaining({ type: 'waiting', cause: expect.objectContaining({ kind: 'truncated' }) }),
      )
      expect((await server.stats()).seen).toHaveLength(2)
    })

    it('completes at the end of the body by default', async () => {
      const url = backend().url('/stream/answer', { words: 10, truncate: 4 })
      const session = record(fromFetchStream(url, { ...engine, decode: sse() }))
      expect(await session.ended()).toBe('complete')
      expect(said(session)).toEqual(words(4))
    })

    it('completes on a 204, although neither the marker nor the last message was received', async () => {
      const server = backend()
      const ends = { ...answer, endsWhen: () => false }
      const session = record(fromFetchStream(server.url('/http/empty'), { ...engine, ...ends }))
      expect(await session.ended()).toBe('complete')
      expect(session.events.slice(1)).toMatchObject([
        { type: 'open', status: 204 },
        { type: 'close', reason: 'No Content', wasClean: true },
      ])
      expect((await server.stats()).seen).toHaveLength(1)
    })

    for (const method of ['GET', 'POST']) {
      it(`fails without a retry when the response to a ${method} is interrupted after a message`, async () => {
        const server = backend()
        const proxy = await server.proxy()
        const url = proxy.url('/stream/answer', { words: 10_000, everyMs: 5 })
        const session = record(fromFetchStream(url, { ...engine, ...answer, method }))
        await session.until('message', 4)
        await proxy.order({ cut: true })
        expect(await session.ended()).toMatchObject({ name: 'WireError', kind: 'network', retryable: false })
        expect(said(session)).toEqual(words(said(session).length))
        expect(session.types()).not.toContain('waiting')
        expect((await server.stats()).seen).toHaveLength(1)
      })
    }

    it('fails with the reason that failsWhen returns and closes the connection', async () => {
      const server = backend()
      const url = server.url('/stream/answer', { words: 10_000, everyMs: 5, errorAfter: 3 })
      const session = record(fromFetchStream(url, { ...engine, ...answer }))
      const error = await session.ended()
      expect(error).toBeInstanceOf(CloseError)
      expect(error).toMatchObject({ kind: 'closed', retryable: false, wasClean: true })
      expect((error as CloseError).message).toMatch(/\/stream\/answer.*overloaded/)
      expect(said(session)).toEqual(words(3))
      await server.expectNoConnections()
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('does not retry when failsWhen matches the first message', async () => {
      const server = backend()
      const url = server.url('/stream/answer', { errorAfter: 0 })
      const session = record(fromFetchStream(url, { ...engine, ...answer }))
      expect(await session.ended()).toMatchObject({ kind: 'closed' })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('closes the connection and emits nothing more when the subscriber unsubscribes during a response', async () => {
      const server = backend()
      const url = server.url('/stream/answer', { words: 10_000, everyMs: 5 })
      const session = record(fromFetchStream(url, { ...engine, ...answer, method: 'POST', json: { prompt: 'Why?' } }))
      await session.until('message', 3)
      session.stop()
      const { length } = session.events
      await server.expectNoConnections()
      expect(session.events).toHaveLength(length)
      expect(session.end).toBeUndefined()
      expect((await server.stats()).seen).toMatchObject([{ method: 'POST', body: '{"prompt":"Why?"}' }])
    })

    it('emits nothing more when the subscriber unsubscribes within a chunk', async () => {
      const server = backend()
      const seen: number[] = []
      const subscription = fromFetchStream(server.url('/stream/ndjson', { count: 1_000_000 }), {
        ...engine,
        decode: ndjson<{ n: number }>(),
      }).subscribe((event) => {
        if (event.type !== 'message') return
        seen.push(event.data.n)
        if (event.data.n === 3) subscription.unsubscribe()
      })
      await expect.poll(() => seen.length).toBe(3)
      await server.expectNoConnections()
      expect(seen).toEqual([1, 2, 3])
    })
  })
}
