import { fromPoll, HttpError, json } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'

interface State {
  readonly version: number
}

describe('fromPoll', () => {
  it('delivers only changed states', async () => {
    const server = backend()
    const url = server.url('/poll/state', { changes: 3 })
    const session = record(
      fromPoll(url, { decode: json<State>(), everyMs: 10, endsWhen: ({ version }) => version === 2 }),
    )
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([{ version: 0 }, { version: 1 }, { version: 2 }])
    expect(session.events.filter(({ type }) => type === 'open')).toHaveLength(1)
    // A 304 is emitted as `progress`.
    expect(session.types().filter((type) => type === 'progress')).toHaveLength(4)
    expect((await server.stats()).seen).toHaveLength(7)
  })

  it('sends one request at a time', async () => {
    const server = backend()
    const session = record(fromPoll(server.url('/poll/state'), { decode: json<State>(), everyMs: 1 }))
    await session.until('message', 30)
    expect((await server.stats()).peak).toBe(1)
  })

  it('retries after a 503 and keeps its ETag', async () => {
    const server = backend()
    const url = server.url('/poll/state', { changes: 100, fails: 3 })
    const session = record(fromPoll(url, { decode: json<State>(), everyMs: 10, reconnect: quick }))
    await session.until('waiting')
    await session.until('open', 2)
    expect(session.data()).toEqual([{ version: 0 }])
  })

  it('fails on a final error', async () => {
    const session = record(
      fromPoll(backend().url('/poll/state', { status: 410 }), { decode: json<State>(), everyMs: 10 }),
    )
    expect(await session.ended()).toBeInstanceOf(HttpError)
  })

  it('delivers only states that differ from resumeFrom', async () => {
    const session = record(
      fromPoll(backend().url('/poll/state', { changes: 2 }), {
        decode: json<State>(),
        everyMs: 10,
        resumeFrom: '"v0"',
      }),
    )
    await session.until('message')
    expect(session.data()[0]).toEqual({ version: 1 })
  })

  it('skips a response that cannot be decoded', async () => {
    const decode = (state: unknown) => {
      if ((state as State).version === 1) throw new RangeError('not this one')
      return (state as State).version
    }
    const session = record(fromPoll(backend().url('/poll/state'), { everyMs: 5, decode, endsWhen: (n) => n === 3 }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([0, 2, 3])
  })

  it('sends no request after the subscriber has unsubscribed', async () => {
    const server = backend()
    const session = record(fromPoll(server.url('/poll/state'), { decode: json<State>(), everyMs: 5 }))
    await session.until('message', 2)
    session.stop()
    await server.expectNoConnections()
    const { seen } = await server.stats()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await server.stats()).seen).toHaveLength(seen.length)
  })

  it.skipIf(typeof document === 'undefined')(
    'pauses while the page is hidden and polls immediately when it is shown',
    async () => {
      const server = backend()
      const show = (state: 'visible' | 'hidden') => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
        document.dispatchEvent(new Event('visibilitychange'))
      }
      try {
        const session = record(fromPoll(server.url('/poll/state'), { decode: json<State>(), everyMs: 50 }))
        await session.until('message')
        show('hidden')
        await new Promise((resolve) => setTimeout(resolve, 300))
        const { length } = (await server.stats()).seen
        expect(length).toBeLessThanOrEqual(2)
        show('visible')
        await session.until('message', length + 1)
      } finally {
        Reflect.deleteProperty(document, 'visibilityState')
      }
    },
  )

  it('throws on an unsafe method, a stream body and an interval of 0', () => {
    expect(() => fromPoll('/x', { method: 'POST' })).toThrow(TypeError)
    expect(() => fromPoll('/x', { method: 'PUT', body: new ReadableStream() })).toThrow('function')
    expect(() => fromPoll('/x', { everyMs: 0 })).toThrow(TypeError)
  })
})
