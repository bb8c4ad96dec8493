import { fromEventSource, HttpError, json, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { eventSourceEngines } from './event-source-engines.ts'

for (const { name, options: engine } of eventSourceEngines()) {
  describe(`fromEventSource (${name})`, () => {
    it('delivers 20,000 numbered events once and in order through 200 random cuts', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ cutAtRandom: { times: 200, minBytes: 300, maxBytes: 4_000, seed: 20_000 } })
      const session = record(
        fromEventSource(proxy.url('/sse/feed', { count: 20_000 }), { ...engine, reconnect: quick }),
      )
      expect(await session.ended(50_000)).toBe('complete')
      expect((await proxy.order({})).cuts).toBe(200)
      const expected = Array.from({ length: 20_000 }, (_, index) => String(index + 1))
      // Compared as one text, because a diff of 20,000 lines is unreadable.
      expect(session.data().join() === expected.join(), firstDifference(session.data(), expected)).toBe(true)
    })

    it('resumes after the last complete event when the server drops the stream within one', async () => {
      const server = backend()
      const session = record(fromEventSource(server.url('/sse/drop-mid-event'), { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['first', 'second'])
      const { seen } = await server.stats()
      expect(seen.slice(0, 2).map(({ lastEventId }) => lastEventId)).toEqual([undefined, '1'])
    })

    it('reconnects when the body ends', async () => {
      const session = record(fromEventSource(backend().url('/sse/feed', { count: 3 }), { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['1', '2', '3'])
      expect(session.types().filter((type) => type === 'waiting')).toHaveLength(1)
    })

    it('skips the event with the last id if the server replays it', async () => {
      const url = backend().url('/sse/once', { events: 'id: 7\ndata: seen\n\nid: 8\ndata: new\n\n' })
      const session = record(fromEventSource(url, { ...engine, reconnect: quick, resumeFrom: '7' }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['new'])
    })

    it('delivers new events that reuse an earlier id', async () => {
      const server = backend()
      // Every event has the same id, and each connection sends two events.
      const url = server.url('/sse/rounds', { rounds: 3 })
      const session = record(fromEventSource(url, { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['1a', '1b', '2a', '2b', '3a', '3b'])
    })

    // Browsers send streams only over HTTP/2.
    it.skipIf(typeof document !== 'undefined')('does not retry with a body that is a stream', async () => {
      const server = backend()
      const options = { ...engine, method: 'PUT', body: new Blob(['once']).stream(), reconnect: quick }
      const session = record(fromEventSource(server.url('/sse/unavailable', { times: 1, seconds: 0 }), options))
      expect(await session.ended()).toMatchObject({ message: expect.stringContaining('Pass body as a function') })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    const because = name === 'native' ? '' : unable('send non-ASCII bytes in a header unchanged')
    it.skipIf(because !== '')(`sends a non-ASCII id as UTF-8${because}`, async () => {
      const server = backend()
      const events = 'id: \u2603\ndata: a\n\n'
      const session = record(fromEventSource(server.url('/sse/once', { events }), { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect((await server.stats()).seen.at(-1)?.lastEventId).toBe('\u2603')
    })

    it('passes the cursor, the attempt and the cause to the url function', async () => {
      const server = backend()
      const contexts: unknown[] = []
      const session = record(
        fromEventSource(
          (context) => {
            contexts.push(context)
            return server.url('/sse/feed', { count: 2 })
          },
          { ...engine, reconnect: quick },
        ),
      )
      expect(await session.ended()).toBe('complete')
      expect(contexts).toMatchObject([
        { attempt: 0, cursor: undefined, cause: undefined },
        // The stream has ended cleanly after its messages, except that the native engine cannot see that.
        name === 'native'
          ? { attempt: 1, cursor: '2', cause: expect.any(WireError) }
          : { attempt: 0, cursor: '2', cause: undefined },
      ])
    })

    it('retries after the url function has thrown', async () => {
      const server = backend()
      let asked = 0
      const url = () => {
        asked += 1
        if (asked === 1) throw new Error('the token endpoint is down')
        return server.url('/sse/no-content')
      }
      const session = record(fromEventSource(url, { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.events[1]).toMatchObject({ type: 'waiting', cause: { kind: 'network' } })
    })

    for (const as of ['seconds', 'date']) {
      it(`waits at least as long as Retry-After demands (in ${as})`, async () => {
        const url = backend().url('/sse/unavailable', { times: 99, seconds: 30, as })
        const session = record(fromEventSource(url, { ...engine, reconnect: { ...quick, random: () => 0.5 } }))
        await session.until('waiting')
        const waiting = session.events[1]
        expect(waiting).toMatchObject({ type: 'waiting', cause: { status: 503 } })
        const { delayMs = 0 } = waiting as { delayMs?: number }
        // A date is rounded to seconds, and some time passes before it is parsed.
        expect(delayMs).toBeLessThanOrEqual(37_500)
        expect(delayMs).toBeGreaterThan(as === 'seconds' ? 37_499 : 20_000)
      })
    }

    it('follows a redirect', async () => {
      const url = backend().url('/sse/redirect', { count: 2 })
      const session = record(fromEventSource(url, { ...engine, reconnect: quick }))
      await session.until('message', 2)
      expect(session.data().slice(0, 2)).toEqual(['1', '2'])
    })

    it('fails on an HTML page with an error that names its content type', async () => {
      const session = record(fromEventSource(backend().url('/sse/html'), { ...engine, reconnect: quick }))
      const error = await session.ended()
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({ kind: 'http', status: 200, bodyText: '<!doctype html><title>Log in</title>' })
      expect((error as HttpError).message).toContain('text/html')
    })

    for (const status of [400, 403, 404, 410, 501]) {
      it(`fails on ${status} without a retry`, async () => {
        const session = record(
          fromEventSource(backend().url('/sse/status', { status }), { ...engine, reconnect: quick }),
        )
        expect(await session.ended()).toMatchObject({ name: 'HttpError', status, bodyText: 'no such stream' })
        expect(session.types()).toEqual(['connecting'])
      })
    }

    for (const status of [429, 500, 502]) {
      it(`retries after ${status}`, async () => {
        const policy = { ...quick, maxRetries: 2 }
        const session = record(
          fromEventSource(backend().url('/sse/status', { status }), { ...engine, reconnect: policy }),
        )
        expect(await session.ended()).toMatchObject({ status })
        expect(session.types().filter((type) => type === 'waiting')).toHaveLength(2)
      })
    }

    it('does not hang on an error response whose body never ends', async () => {
      const session = record(
        fromEventSource(backend().url('/sse/status', { stall: 1 }), { ...engine, reconnect: quick }),
      )
      expect(await session.ended()).toMatchObject({ status: 404, bodyText: 'no such stream' })
    })

    it('reads a compressed stream while it arrives', async () => {
      const session = record(fromEventSource(backend().url('/sse/gzip'), { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['1', '2', '3'])
    })

    it('fails after connectTimeoutMs without a response, with an error that names the option', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'stalled' })
      const options = { ...engine, connectTimeoutMs: 100, reconnect: false } as const
      const error = await record(fromEventSource(proxy.url('/sse/feed'), options)).ended()
      expect(error).toMatchObject({ kind: 'timeout', retryable: true })
      expect((error as WireError).message).toContain('connectTimeoutMs')
    })

    it('replaces a silent connection after stallTimeoutMs', async () => {
      const server = backend()
      const proxy = await server.proxy()
      const options = { ...engine, stallTimeoutMs: 200, reconnect: quick }
      const session = record(fromEventSource(proxy.url('/sse/feed', { count: 100, everyMs: 20 }), options))
      await session.until('message', 3)
      await proxy.order({ passage: 'swallowing' })
      await session.until('waiting')
      await proxy.order({ passage: 'open', cut: true })
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)))
      expect(session.events).toContainEqual(
        expect.objectContaining({ type: 'waiting', cause: expect.objectContaining({ kind: 'timeout' }) }),
      )
    })

    it('sends the last event id in the query parameter lastEventIdQuery', async () => {
      const server = backend()
      const options = { ...engine, reconnect: quick, resumeFrom: '2', lastEventIdQuery: 'since' }
      const session = record(fromEventSource(server.url('/sse/once'), options))
      expect(await session.ended()).toBe('complete')
      const [first] = (await server.stats()).seen
      expect(new URL(first?.url ?? '', 'http://localhost').searchParams.get('since')).toBe('2')
      expect(first?.lastEventId).toBeUndefined()
    })

    it('skips messages with incomplete JSON and counts them', async () => {
      const told: [string, number][] = []
      const url = backend().url('/sse/once', { events: 'data: {"a":1}\n\ndata: {"a":\n\ndata: \n\ndata: {"a":2}\n\n' })
      const session = record(
        fromEventSource(url, {
          ...engine,
          reconnect: quick,
          decode: json<{ a: number }>(),
          onBadMessage: (error, skipped) => told.push([error.kind, skipped]),
        }),
      )
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ a: 1 }, { a: 2 }])
      expect(told).toEqual([
        ['decode', 1],
        ['decode', 2],
      ])
    })

    it('reports a skipped message as progress', async () => {
      const decode = () => {
        throw new SyntaxError('not JSON')
      }
      const options = { ...engine, decode, onBadMessage: () => {} }
      const session = record(fromEventSource(backend().url('/sse/feed', { count: 1_000, everyMs: 20 }), options))
      await session.until('progress', 3)
      expect(session.types().slice(0, 5)).toEqual(['connecting', 'open', 'progress', 'progress', 'progress'])
    })

    it('fails on incomplete JSON with onBadMessage: `fail`', async () => {
      const url = backend().url('/sse/once', { events: 'data: 1\n\ndata: {"a":\n\ndata: 2\n\n' })
      const session = record(
        fromEventSource(url, { ...engine, reconnect: quick, decode: json(), onBadMessage: 'fail' }),
      )
      expect(await session.ended()).toMatchObject({ kind: 'decode' })
      expect(session.data()).toEqual([1])
    })

    if (name !== 'native') {
      it('resets the silence limit on comments', async () => {
        const url = backend().url('/sse/comments', { everyMs: 20, count: 40 })
        const session = record(fromEventSource(url, { ...engine, stallTimeoutMs: 400, reconnect: false }))
        expect(await session.ended()).toMatchObject({ kind: 'timeout' })
        // The comments keep the connection open for longer than the limit. It fails after the last one.
        expect(session.types().filter((type) => type === 'progress').length).toBeGreaterThan(5)
        expect(session.types()).not.toContain('message')
      })

      it('sends no request when the subscriber unsubscribes while the headers function runs', async () => {
        const server = backend()
        let answer = (_: Record<string, string>) => {}
        const headers = () => new Promise<Record<string, string>>((resolve) => (answer = resolve))
        const subscription = fromEventSource(server.url('/sse/held'), { ...engine, headers }).subscribe()
        subscription.unsubscribe()
        answer({})
        const control = record(fromEventSource(server.url('/sse/held'), engine))
        await control.until('open')
        expect((await server.stats()).seen).toHaveLength(1)
      })

      it('fails without a retry on invalid values from the headers and url functions', async () => {
        const broken = { ...engine, headers: () => ({ 'not a name': '1' }) }
        expect(await record(fromEventSource('/feed', broken)).ended()).toMatchObject({ retryable: false })
        const error = await record(fromEventSource(() => 'http://[', engine)).ended()
        expect(error).toMatchObject({ kind: 'network', message: expect.stringMatching(/^url must be a valid URL/) })
      })

      it('requests fresh credentials once after a 401 and connects with them', async () => {
        const server = backend()
        const tokens = ['stale', 'fresh']
        const headers = () => Promise.resolve({ authorization: `Bearer ${tokens.shift() ?? 'none left'}` })
        const url = server.url('/sse/authorized', { valid: 'fresh' })
        const session = record(fromEventSource(url, { ...engine, headers, reconnect: { random: () => 0 } }))
        await session.until('message')
        expect(session.types().slice(0, 4)).toEqual(['connecting', 'waiting', 'connecting', 'open'])
        expect(session.events[1]).toMatchObject({ cause: { kind: 'http', status: 401 } })
      })

      it('fails with kind `auth` when fresh credentials are refused, too', async () => {
        const server = backend()
        const url = server.url('/sse/authorized', { valid: 'another' })
        const headers = { authorization: 'Bearer stale' }
        const session = record(fromEventSource(url, { ...engine, headers, reconnect: { random: () => 0 } }))
        expect(await session.ended()).toMatchObject({ kind: 'auth', status: 401 })
        expect((await server.stats()).seen).toHaveLength(2)
      })

      it('repeats a POST and its body with an idempotency key', async () => {
        const server = backend()
        const session = record(
          fromEventSource(server.url('/sse/feed', { count: 2 }), {
            ...engine,
            method: 'POST',
            json: { question: '6 × 9?' },
            idempotencyKey: 'k1',
            reconnect: quick,
          }),
        )
        expect(await session.ended()).toBe('complete')
        const { seen } = await server.stats()
        expect(seen.map(({ method, body }) => [method, body])).toEqual(Array(2).fill(['POST', '{"question":"6 × 9?"}']))
      })

      const streamed = { ...engine, method: 'POST', body: () => new Blob(['6 × 9?']).stream(), reconnect: quick }

      // XHR asks past the cache only at the origin of the page, and this server is on another one.
      it.skipIf(name === 'xhr')('does not replay a response that the HTTP cache has kept', async () => {
        const session = record(fromEventSource(backend().url('/sse/cached'), { ...engine, reconnect: quick }))
        expect(await session.ended()).toBe('complete')
        expect(session.data()).toEqual(['1', '2'])
      })

      if (name === 'xhr') {
        it('fails on a stream body without sending a request', async () => {
          const server = backend()
          const end = await record(fromEventSource(server.url('/sse/no-content'), streamed)).ended()
          expect(end).toMatchObject({ kind: 'network', message: expect.stringContaining('XHR cannot send a stream') })
          expect((await server.stats()).seen).toHaveLength(0)
        })
      }
      // Browsers send streams only over HTTP/2, which this server does not support.
      if (typeof XMLHttpRequest !== 'function') {
        it('sends a stream as the body', async () => {
          const server = backend()
          expect(await record(fromEventSource(server.url('/sse/no-content'), streamed)).ended()).toBe('complete')
          expect((await server.stats()).seen.map(({ body }) => body)).toEqual(['6 × 9?'])
        })
      }

      it('fails with kind `overflow` on an event above maxEventLength and closes the connection', async () => {
        const server = backend()
        const session = record(
          fromEventSource(server.url('/sse/huge-line'), { ...engine, maxEventLength: 100_000, reconnect: quick }),
        )
        expect(await session.ended()).toMatchObject({ kind: 'overflow' })
        expect(session.data()).toEqual(['small'])
        await server.expectNoConnections()
      })
    }

    if (name === 'xhr') {
      it('reconnects and resumes before the text of a long stream grows too large', async () => {
        const server = backend()
        // Slow enough for several progress events, which come every 50 ms.
        const url = server.url('/sse/feed', { count: 500, pad: 40_000, everyMs: 1 })
        const session = record(fromEventSource(url, { ...engine, reconnect: quick }))
        expect(await session.ended()).toBe('complete')
        const expected = Array.from({ length: 500 }, (_, index) => String(index + 1))
        const numbers = session.data().map((text) => text.slice(0, text.indexOf('\n')))
        expect(numbers.join() === expected.join(), firstDifference(numbers, expected)).toBe(true)
        // The last one is the end of the stream.
        const rotations = session.events.filter((event) => event.type === 'waiting' && event.cause === 'rotated')
        expect(rotations.length).toBeGreaterThan(1)
      })

      it('does not resume a long stream that is unsafe to repeat', async () => {
        const server = backend()
        const url = server.url('/sse/feed', { count: 10_000, pad: 2_000 })
        const session = record(fromEventSource(url, { ...engine, method: 'POST', body: 'once', reconnect: quick }))
        expect(await session.ended()).toMatchObject({ kind: 'closed' })
        expect((await server.stats()).seen).toHaveLength(1)
      })
    }

    it('reads a line of 7 MiB', async () => {
      const bytes = 7 * 1024 * 1024
      const session = record(
        fromEventSource(backend().url('/sse/huge-line', { bytes }), { ...engine, reconnect: quick }),
      )
      // EventSource in WebKit rescans the line from its start with each chunk.
      await expect.poll(() => session.end, { timeout: 50_000 }).toBe('complete')
      expect(session.data().map((text) => text.length)).toEqual([5, bytes])
    })
  })
}

function firstDifference(actual: readonly string[], expected: readonly string[]): string {
  const at = expected.findIndex((value, index) => actual[index] !== value)
  return `${actual.length} messages; at ${at}: ${actual.slice(at, at + 3)} instead of ${expected.slice(at, at + 3)}`
}
