import { fromEventSource, HttpError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { eventSourceEngines } from './event-source-engines.ts'

for (const { name, options: engine } of eventSourceEngines()) {
  describe(`fromEventSource (${name})`, () => {
    it('delivers 20,000 numbered events through 200 random cuts, every one once and in order', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ cutAtRandom: { times: 200, minBytes: 300, maxBytes: 4_000, seed: 20_000 } })
      const session = record(
        fromEventSource(proxy.url('/sse/feed', { count: 20_000 }), { ...engine, reconnect: quick }),
      )
      expect(await session.ended()).toBe('complete')
      expect((await proxy.order({})).cuts).toBe(200)
      const expected = Array.from({ length: 20_000 }, (_, index) => String(index + 1))
      // Compared as one text: a difference in 20,000 lines is not for people to read.
      expect(session.data().join() === expected.join(), firstDifference(session.data(), expected)).toBe(true)
    })

    it('resumes from the last whole event after the server drops the stream in the middle of one', async () => {
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

    it('does not deliver again what a server replays from the last id instead of after it', async () => {
      const url = backend().url('/sse/once', { events: 'id: 7\ndata: seen\n\nid: 8\ndata: new\n\n' })
      const session = record(fromEventSource(url, { ...engine, reconnect: quick, resumeFrom: '7' }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['new'])
    })

    it('lets ids be used again for something new', async () => {
      const server = backend()
      // The same id on every event, and a new connection for each two of them.
      const url = server.url('/sse/rounds', { rounds: 3 })
      const session = record(fromEventSource(url, { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['1a', '1b', '2a', '2b', '3a', '3b'])
    })

    // A browser sends a stream over HTTP/2 alone.
    it.skipIf(typeof document !== 'undefined')('does not send a body again that is a stream', async () => {
      const server = backend()
      const options = { ...engine, method: 'PUT', body: new Blob(['once']).stream(), reconnect: quick }
      const session = record(fromEventSource(server.url('/sse/unavailable', { times: 1, seconds: 0 }), options))
      expect(await session.ended()).toMatchObject({ message: expect.stringContaining('Give body a function') })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    const because = name === 'native' ? '' : unable('send what is not ASCII in a header as it is given')
    it.skipIf(because !== '')(`sends an id that is not ASCII as UTF-8${because}`, async () => {
      const server = backend()
      const events = 'id: \u2603\ndata: a\n\n'
      const session = record(fromEventSource(server.url('/sse/once', { events }), { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect((await server.stats()).seen.at(-1)?.lastEventId).toBe('\u2603')
    })

    it('gives its url provider the cursor, the attempt and the cause', async () => {
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
        { attempt: 1, cursor: '2', cause: expect.any(WireError) },
      ])
    })

    it('survives a provider that fails', async () => {
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
      it(`waits as long as Retry-After asks for in ${as}, and then some`, async () => {
        const url = backend().url('/sse/unavailable', { times: 99, seconds: 30, as })
        const session = record(fromEventSource(url, { ...engine, reconnect: { ...quick, random: () => 0.5 } }))
        await session.until('waiting')
        const waiting = session.events[1]
        expect(waiting).toMatchObject({ type: 'waiting', cause: { status: 503 } })
        const { delayMs = 0 } = waiting as { delayMs?: number }
        // A date has whole seconds, and some time passes before it is read.
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

    it('fails on a page where a stream was expected, and names what came', async () => {
      const session = record(fromEventSource(backend().url('/sse/html'), { ...engine, reconnect: quick }))
      const error = await session.ended()
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({ kind: 'http', status: 200, bodyText: '<!doctype html><title>Log in</title>' })
      expect((error as HttpError).message).toContain('text/html')
    })

    for (const status of [400, 403, 404, 410, 501]) {
      it(`fails on ${status} at once`, async () => {
        const session = record(
          fromEventSource(backend().url('/sse/status', { status }), { ...engine, reconnect: quick }),
        )
        expect(await session.ended()).toMatchObject({ name: 'HttpError', status, bodyText: 'no such stream' })
        expect(session.types()).toEqual(['connecting'])
      })
    }

    for (const status of [429, 500, 502]) {
      it(`tries again on ${status}`, async () => {
        const policy = { ...quick, maxRetries: 2 }
        const session = record(
          fromEventSource(backend().url('/sse/status', { status }), { ...engine, reconnect: policy }),
        )
        expect(await session.ended()).toMatchObject({ status })
        expect(session.types().filter((type) => type === 'waiting')).toHaveLength(2)
      })
    }

    it('does not hang on a refusal whose body never ends', async () => {
      const session = record(
        fromEventSource(backend().url('/sse/status', { stall: 1 }), { ...engine, reconnect: quick }),
      )
      expect(await session.ended()).toMatchObject({ status: 404, bodyText: 'no such stream' })
    })

    it('reads a compressed stream as it comes', async () => {
      const session = record(fromEventSource(backend().url('/sse/gzip'), { ...engine, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['1', '2', '3'])
    })

    it('fails when nothing answers within the connect timeout, and says what may help', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'stalled' })
      const options = { ...engine, connectTimeoutMs: 100, reconnect: false } as const
      const error = await record(fromEventSource(proxy.url('/sse/feed'), options)).ended()
      expect(error).toMatchObject({ kind: 'timeout', retryable: true })
      expect((error as WireError).message).toContain('connectTimeoutMs')
    })

    it('replaces a connection that was swallowed', async () => {
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

    it('puts the last event id into the query where that is asked for', async () => {
      const server = backend()
      const options = { ...engine, reconnect: quick, resumeFrom: '2', lastEventIdQuery: 'since' }
      const session = record(fromEventSource(server.url('/sse/once'), options))
      expect(await session.ended()).toBe('complete')
      const [first] = (await server.stats()).seen
      expect(new URL(first?.url ?? '', 'http://localhost').searchParams.get('since')).toBe('2')
      expect(first?.lastEventId).toBeUndefined()
    })

    it('passes over half a JSON and counts it', async () => {
      const told: [string, number][] = []
      const url = backend().url('/sse/once', { events: 'data: {"a":1}\n\ndata: {"a":\n\ndata: \n\ndata: {"a":2}\n\n' })
      const session = record(
        fromEventSource<{ a: number }>(url, {
          ...engine,
          reconnect: quick,
          decode: JSON.parse,
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

    it('fails on half a JSON where that is asked for', async () => {
      const url = backend().url('/sse/once', { events: 'data: 1\n\ndata: {"a":\n\ndata: 2\n\n' })
      const session = record(
        fromEventSource<unknown>(url, { ...engine, reconnect: quick, decode: JSON.parse, onBadMessage: 'fail' }),
      )
      expect(await session.ended()).toMatchObject({ kind: 'decode' })
      expect(session.data()).toEqual([1])
    })

    if (name !== 'native') {
      it('takes comments for signs of life', async () => {
        const url = backend().url('/sse/comments', { everyMs: 20, count: 40 })
        const session = record(fromEventSource(url, { ...engine, stallTimeoutMs: 400, reconnect: false }))
        expect(await session.ended()).toMatchObject({ kind: 'timeout' })
        // The comments alone kept it alive for longer than the limit; it ended when they did.
        expect(session.types().filter((type) => type === 'progress').length).toBeGreaterThan(5)
        expect(session.types()).not.toContain('message')
      })

      it('closes the connection of a subscriber that leaves while a provider is asked', async () => {
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

      it('fails on what a provider gave if no request can be made of it', async () => {
        const broken = { ...engine, headers: () => ({ 'not a name': '1' }) }
        expect(await record(fromEventSource('/feed', broken)).ended()).toMatchObject({ retryable: false })
        const error = await record(fromEventSource(() => 'http://[', engine)).ended()
        expect(error).toMatchObject({ kind: 'network', message: expect.stringMatching(/^url is of no use/) })
      })

      it('asks for fresh credentials once, and goes on with them', async () => {
        const server = backend()
        const tokens = ['stale', 'fresh']
        const headers = () => Promise.resolve({ authorization: `Bearer ${tokens.shift() ?? 'none left'}` })
        const url = server.url('/sse/authorized', { valid: 'fresh' })
        const session = record(fromEventSource(url, { ...engine, headers, reconnect: { random: () => 0 } }))
        await session.until('message')
        expect(session.types().slice(0, 4)).toEqual(['connecting', 'waiting', 'connecting', 'open'])
        expect(session.events[1]).toMatchObject({ cause: { kind: 'http', status: 401 } })
      })

      it('fails with kind `auth` when fresh credentials are refused too', async () => {
        const server = backend()
        const url = server.url('/sse/authorized', { valid: 'another' })
        const headers = { authorization: 'Bearer stale' }
        const session = record(fromEventSource(url, { ...engine, headers, reconnect: { random: () => 0 } }))
        expect(await session.ended()).toMatchObject({ kind: 'auth', status: 401 })
        expect((await server.stats()).seen).toHaveLength(2)
      })

      it('posts a body, and repeats it with an idempotency key', async () => {
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
      if (name === 'xhr') {
        it('says that it cannot send a stream as its body, and sends nothing', async () => {
          const server = backend()
          const end = await record(fromEventSource(server.url('/sse/no-content'), streamed)).ended()
          expect(end).toMatchObject({ kind: 'network', message: expect.stringContaining('XHR cannot send a stream') })
          expect((await server.stats()).seen).toHaveLength(0)
        })
      }
      // Browsers send one over HTTP/2 only, which this server does not speak.
      if (typeof XMLHttpRequest !== 'function') {
        it('sends a stream as its body', async () => {
          const server = backend()
          expect(await record(fromEventSource(server.url('/sse/no-content'), streamed)).ended()).toBe('complete')
          expect((await server.stats()).seen.map(({ body }) => body)).toEqual(['6 × 9?'])
        })
      }

      it('ends with a typed overflow on an event past its bound, and holds on to nothing', async () => {
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
      it('gives a long stream up now and then, so that its text does not grow for ever, and goes on with it', async () => {
        const server = backend()
        const url = server.url('/sse/feed', { count: 10_000, pad: 2_000 })
        const session = record(fromEventSource(url, { ...engine, reconnect: quick }))
        expect(await session.ended()).toBe('complete')
        const expected = Array.from({ length: 10_000 }, (_, index) => String(index + 1))
        const numbers = session.data().map((text) => text.slice(0, text.indexOf('\n')))
        expect(numbers.join() === expected.join(), firstDifference(numbers, expected)).toBe(true)
        expect(session.events).toContainEqual(
          expect.objectContaining({
            type: 'waiting',
            cause: expect.objectContaining({ message: expect.stringContaining('as much as XHR should hold') }),
          }),
        )
      })

      it('does not go on by itself with what is not safe to repeat', async () => {
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
      // The EventSource of WebKit reads a line from its beginning with each piece of it.
      await expect.poll(() => session.end, { timeout: 50_000 }).toBe('complete')
      expect(session.data().map((text) => text.length)).toEqual([5, bytes])
    })
  })
}

function firstDifference(actual: readonly string[], expected: readonly string[]): string {
  const at = expected.findIndex((value, index) => actual[index] !== value)
  return `${actual.length} messages; at ${at}: ${actual.slice(at, at + 3)} instead of ${expected.slice(at, at + 3)}`
}
