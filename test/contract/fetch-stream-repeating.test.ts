import {
  type AttemptContext,
  type FetchStreamOptions,
  fromFetchStream,
  HttpError,
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
import { waitings } from './web-sockets.ts'

const answer: FetchStreamOptions<SseMessage<string>> & { decode: StreamDecoder<SseMessage<string>> } = {
  decode: sse(),
  endMarker: '[DONE]',
  retry: quick,
}

function said(session: Recording<SseMessage<string>>): string[] {
  return session.data().map(({ data }) => data)
}

for (const { name, options: engine } of streamEngines()) {
  describe(`fromFetchStream (${name})`, () => {
    describe('interrupted before the first message', () => {
      const query = { words: 5, drop: 0, times: 1 }

      it('retries', async () => {
        const server = backend()
        const session = record(fromFetchStream(server.url('/stream/answer', query), { ...engine, ...answer }))
        expect(await session.ended()).toBe('complete')
        expect(said(session)).toEqual(words(5))
        expect(waitings(session).map(({ cause }) => cause)).toMatchObject([{ kind: 'network' }])
        expect((await server.stats()).seen).toHaveLength(2)
      })

      it('fails if the request is unsafe to repeat', async () => {
        const server = backend()
        const options = { ...engine, ...answer, method: 'POST', body: 'once' }
        const session = record(fromFetchStream(server.url('/stream/answer', query), options))
        expect(await session.ended()).toMatchObject({ kind: 'network' })
        expect((await server.stats()).seen).toHaveLength(1)
      })

      it('retries with the same idempotency key', async () => {
        const server = backend()
        const options = { ...engine, ...answer, method: 'POST', json: { prompt: 'Why?' }, idempotencyKey: 'k1' }
        const session = record(fromFetchStream(server.url('/stream/answer', query), options))
        expect(await session.ended()).toBe('complete')
        expect(said(session)).toEqual(words(5))
        const seen = { method: 'POST', idempotencyKey: 'k1', body: '{"prompt":"Why?"}' }
        expect((await server.stats()).seen).toMatchObject([seen, seen])
      })
    })

    it('fails when a response is interrupted after a message, even with an idempotency key', async () => {
      const server = backend()
      const options = { ...engine, ...answer, method: 'POST', idempotencyKey: 'k1' }
      const session = record(fromFetchStream(server.url('/stream/answer', { words: 5, drop: 3, times: 1 }), options))
      expect(await session.ended()).toMatchObject({ kind: 'network', retryable: false })
      expect(said(session)).toEqual(words(3))
      expect((await server.stats()).seen).toHaveLength(1)
    })

    describe('with `resume`', () => {
      const url = (server: ReturnType<typeof backend>) => {
        const query = { words: 30, drop: 5, times: 5 }
        return ({ cursor }: AttemptContext) => server.url('/stream/answer', { ...query, after: cursor ?? 0 })
      }
      const resuming = { ...engine, ...answer, method: 'POST', resume: true, retry: { ...quick, maxRetries: 5 } }

      it('resumes a POST after the id of the last event and delivers every word once and in order', async () => {
        const server = backend()
        const session = record(fromFetchStream(url(server), resuming))
        expect(await session.ended()).toBe('complete')
        expect(said(session)).toEqual(words(30))
        expect(waitings(session)).toHaveLength(5)
        expect((await server.stats()).seen.map(({ method }) => method)).toEqual(Array(6).fill('POST'))
      })

      it('resumes after the id that idOf returns', async () => {
        const server = backend()
        const decode = sse({ decode: (data) => Number(/\d+/.exec(data)?.[0]) })
        const cursors: unknown[] = []
        const session = record(
          fromFetchStream(
            (context) => {
              cursors.push(context.cursor)
              return url(server)(context)
            },
            {
              ...engine,
              method: 'POST',
              decode,
              endMarker: '[DONE]',
              resume: true,
              retry: resuming.retry,
              idOf: ({ data }) => String(data),
              resumeFrom: '0',
            },
          ),
        )
        expect(await session.ended()).toBe('complete')
        const numbers = session.data().map(({ data }) => data)
        expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
        expect(cursors[0]).toBe('0')
        expect(cursors.length).toBeGreaterThan(2)
      })

      it('sends the cursor as Last-Event-ID if the url is not a function', async () => {
        const server = backend()
        const target = server.url('/stream/answer', { words: 30, drop: 5, times: 5 })
        const session = record(fromFetchStream(target, resuming))
        expect(await session.ended()).toBe('complete')
        expect(said(session)).toEqual(words(30))
        const ids = (await server.stats()).seen.map(({ lastEventId }) => lastEventId)
        expect(ids).toEqual([undefined, '5', '10', '15', '20', '25'])
      })

      it('keeps a Last-Event-ID that the headers set', async () => {
        const server = backend()
        const target = server.url('/stream/answer', { words: 10, drop: 5, times: 1 })
        const headers = ({ cursor }: AttemptContext) => (cursor === undefined ? {} : { 'last-event-id': '7' })
        const session = record(fromFetchStream(target, { ...resuming, headers }))
        expect(await session.ended()).toBe('complete')
        expect(said(session)).toEqual(words(10).filter((_, index) => index < 5 || index >= 7))
      })

      it('is not repeated after a message without an id, which would be delivered twice', async () => {
        const server = backend()
        const options = {
          ...resuming,
          idOf: ({ data }: SseMessage<string>) => (/[02468]"/.test(data) ? data : undefined),
        }
        const next = () => server.url('/stream/answer', { words: 30, drop: 5 })
        const session = record(fromFetchStream(next, options))
        expect(await session.ended()).toMatchObject({ kind: 'network', retryable: false })
        expect((await server.stats()).seen).toHaveLength(1)
      })

      it('resumes when a response ends before its marker', async () => {
        const server = backend()
        const query = { words: 20, truncate: 8, times: 2 }
        const next = ({ cursor }: AttemptContext) => server.url('/stream/answer', { ...query, after: cursor ?? 0 })
        const session = record(fromFetchStream(next, resuming))
        expect(await session.ended()).toBe('complete')
        expect(said(session)).toEqual(words(20))
        expect(waitings(session).map(({ cause }) => cause)).toMatchObject([
          { kind: 'truncated' },
          { kind: 'truncated' },
        ])
      })

      it('fails after maxRetries consecutive failures', async () => {
        const server = backend()
        const proxy = await server.proxy()
        const next = ({ cursor }: AttemptContext) => proxy.url('/stream/answer', { words: 30, after: cursor ?? 0 })
        await proxy.order({ cutAtRandom: { times: 100, minBytes: 20, maxBytes: 40, seed: 1 } })
        const session = record(
          fromFetchStream(next, { ...resuming, resumeFrom: '0', retry: { ...quick, maxRetries: 2 } }),
        )
        expect(await session.ended()).toMatchObject({ kind: 'network' })
        expect(said(session)).toEqual([])
        expect((await proxy.order({})).cuts).toBe(3)
      })
    })

    it('retries after 503', async () => {
      const server = backend()
      const session = record(
        fromFetchStream(server.url('/stream/answer', { words: 5, refuse: 2 }), { ...engine, ...answer }),
      )
      expect(await session.ended()).toBe('complete')
      expect(said(session)).toEqual(words(5))
      expect(waitings(session).map(({ cause }) => cause)).toMatchObject([{ status: 503 }, { status: 503 }])
      expect((await server.stats()).seen).toHaveLength(3)
    })

    it('fails on 503 if the request is unsafe to repeat', async () => {
      const server = backend()
      const options = { ...engine, ...answer, method: 'POST' }
      const error = await record(fromFetchStream(server.url('/stream/answer', { refuse: 1 }), options)).ended()
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({ status: 503, bodyText: 'loading the model' })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    describe('with `stallTimeoutMs`', () => {
      const stalls = { ...engine, decode: ndjson<{ n: number }>(), stallTimeoutMs: 300, retry: quick }

      for (const method of ['POST', 'GET']) {
        it(`fails without a retry when the response to a ${method} stalls after a message`, async () => {
          const server = backend()
          const url = server.url('/stream/ndjson', { count: 10, stallAfter: 3 })
          const session = record(fromFetchStream(url, { ...stalls, method }))
          expect(await session.ended()).toMatchObject({ kind: 'timeout', retryable: false })
          expect(session.data()).toEqual(rows(3))
          expect((await server.stats()).seen).toHaveLength(1)
          await server.expectNoConnections()
        })
      }

      it('retries when the response stalls before the first message', async () => {
        const server = backend()
        // The server sends a comment, because XHR reports a response only after its first byte.
        const options = { ...stalls, decode: sse(), retry: { ...quick, maxRetries: 1 } }
        const session = record(fromFetchStream(server.url('/sse/held'), options))
        expect(await session.ended()).toMatchObject({ kind: 'timeout' })
        expect((await server.stats()).seen).toHaveLength(2)
      })
    })

    for (const method of ['POST', 'GET']) {
      it(`fails without a retry when a ${method} exceeds timeoutMs after a message`, async () => {
        const server = backend()
        const url = server.url('/stream/ndjson', { count: 10, stallAfter: 3 })
        const options = { ...engine, method, decode: ndjson<{ n: number }>(), timeoutMs: 1_000, retry: quick }
        const session = record(fromFetchStream(url, options))
        expect(await session.ended()).toMatchObject({ kind: 'timeout', retryable: false })
        expect(session.data()).toEqual(rows(3))
        expect((await server.stats()).seen).toHaveLength(1)
      })
    }
  })
}
