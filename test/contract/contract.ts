import { Subject, take, takeWhile } from 'rxjs'
import { exponential, fromPlain, isWireError, toPlain, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { reportedClean } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import { describeEndLaws } from './contract-ends.ts'
import { describeResumeLaws } from './contract-resume.ts'
import { describeStoreLaws } from './contract-store.ts'
import { type Enrolment, itUnless, streamLaws } from './enrolment.ts'

/** The requests that the server received, except those of the control wire. */
function othersThanControl({ seen }: Awaited<ReturnType<Backend['stats']>>): string[] {
  return seen.map(({ url }) => url).filter((url) => !url.includes('control=1'))
}

/** Compares all fields, of which `Headers` are read as pairs. An error also has the class and message of the other. */
function expectAlike(actual: object, expected: object): void {
  expect(actual.constructor).toBe(expected.constructor)
  if (expected instanceof Error) expect(actual).toMatchObject({ name: expected.name, message: expected.message })
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)])
  for (const name of names) {
    const [left, right] = [actual, expected].map((from) => (from as Record<string, unknown>)[name])
    if (right instanceof Headers) expect([...(left as Headers)]).toEqual([...right])
    else if (isWireError(right)) expectAlike(left as object, right)
    else if (name !== 'cause') expect(left).toEqual(right)
  }
}

/** One test for each law. Every transport passes them. */
export function describeWireContract(enrolment: Enrolment): void {
  describeTransportLaws(enrolment)
  describeResumeLaws(enrolment)
  describeStoreLaws(enrolment)
  describeEndLaws(enrolment)
}

function describeTransportLaws(enrolment: Enrolment): void {
  const {
    transport,
    connect,
    scenarios,
    connectUnsafely,
    requestsPerRefusal = 1,
    outage = { kind: 'http', status: 503, retryable: true },
    beforeRefusal = ['connecting'],
    knowsNoRetryAfter,
    opensWithItsMessage,
    mayBeAskedOnce = '',
    cannotLetGo = '',
  } = enrolment
  const { feed } = scenarios
  const itOfFeed = streamLaws(enrolment, 'feed')

  /** A law about a stream of messages. */
  function itOfStreams(law: string, test: (feed: string) => Promise<void>): void {
    itOfFeed(undefined, law, test)
  }

  /** A law about requests that are unsafe to repeat. */
  function itOfRequests(law: string, test: (connect: NonNullable<typeof connectUnsafely>) => Promise<void>): void {
    if (connectUnsafely === undefined) itUnless('the transport has no such request', law, async () => {})
    else itUnless(undefined, law, () => test(connectUnsafely))
  }

  /** Waits until all sessions are open. If the transport emits no `open` yet, asks the server. */
  async function connected(server: Backend, ...sessions: Recording<string>[]): Promise<void> {
    if (opensWithItsMessage === undefined) await Promise.all(sessions.map((session) => session.until('open')))
    else await expect.poll(async () => (await server.stats()).open).toBeGreaterThanOrEqual(sessions.length)
  }

  /** Unsubscribes at the first event of a type, and expects no further event or request. */
  async function leaveAt(type: WireEvent<string>['type'], path: string): Promise<void> {
    const server = backend()
    const query = { count: 10_000, everyMs: 5, times: 100, seconds: 0 }
    const session = record(connect(server.url(path, query), { reconnect: quick }), (event) => {
      if (event.type === type) queueMicrotask(() => session.stop())
    })
    await session.until(type)
    await server.expectNoConnections()
    const { length } = session.events
    const { seen } = await server.stats()
    // Longer than every delay of the policy above.
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(session.events).toHaveLength(length)
    expect(session.end).toBeUndefined()
    expect((await server.stats()).seen).toHaveLength(seen.length)
  }

  describe(`the wire contract of ${transport}`, () => {
    it('1: does not connect before it is subscribed', async () => {
      const server = backend()
      connect(server.url(scenarios.held), {})
      const control = record(connect(server.url(scenarios.held, { control: 1 }), {}))
      await connected(server, control)
      expect(othersThanControl(await server.stats())).toEqual([])
    })

    it('1: emits `connecting` synchronously as the first event', () => {
      const { events } = record(connect(backend().url(scenarios.held), {}))
      expect(events).toEqual([{ type: 'connecting', attempt: 0 }])
    })

    it.skipIf(mayBeAskedOnce !== '')(`1: opens a connection for each subscriber${mayBeAskedOnce}`, async () => {
      const server = backend()
      const wire = connect(server.url(scenarios.held), {})
      await connected(server, record(wire), record(wire))
      // Polled, because an upload may be between two requests when it emits `open`.
      await expect.poll(async () => (await server.stats()).open).toBe(2)
    })

    it('2: opens no connection when the subscriber unsubscribes at `connecting`', async () => {
      const server = backend()
      const { types } = record(connect(server.url(scenarios.held), {}).pipe(take(1)))
      const control = record(connect(server.url(scenarios.held, { control: 1 }), {}))
      await connected(server, control)
      expect(types()).toEqual(['connecting'])
      expect(othersThanControl(await server.stats())).toEqual([])
    })

    const tick = `2: opens no connection when the subscriber unsubscribes in the same tick${cannotLetGo}`
    it.skipIf(cannotLetGo !== '')(tick, async () => {
      const server = backend()
      connect(server.url(scenarios.held), {}).subscribe().unsubscribe()
      const control = record(connect(server.url(scenarios.held, { control: 1 }), {}))
      await connected(server, control)
      control.stop()
      await server.expectNoConnections()
    })

    const withMessage = opensWithItsMessage === undefined ? '' : ` (skipped: ${opensWithItsMessage})`
    it.skipIf(withMessage !== '')(
      `2: closes the connection and emits nothing more after an unsubscribe at \`open\`${withMessage}`,
      () => leaveAt('open', feed ?? scenarios.held),
    )

    const held = `2: closes the connection and emits nothing more after an unsubscribe while it is idle${cannotLetGo}`
    it.skipIf(cannotLetGo !== '')(held, async () => {
      const server = backend()
      const session = record(connect(server.url(scenarios.held), {}))
      await connected(server, session)
      const { length } = session.events
      session.stop()
      await server.expectNoConnections()
      expect(session.events).toHaveLength(length)
      expect(session.end).toBeUndefined()
    })

    itOfStreams('2: closes the connection and emits nothing more after an unsubscribe at `message`', (feed) =>
      leaveAt('message', feed),
    )

    it('2: emits nothing more after an unsubscribe at `waiting`', () => leaveAt('waiting', scenarios.unavailable))

    itOfStreams('2: emits nothing more after an unsubscribe during a burst', async (feed) => {
      const server = backend()
      let messages = 0
      const isBeforeFifth = ({ type }: WireEvent<unknown>) => type !== 'message' || ++messages < 5
      const session = record(connect(server.url(feed, { count: 1_000 }), {}).pipe(takeWhile(isBeforeFifth, true)))
      await session.ended()
      // A chunk that ends within a record is reported as progress.
      const types = session.types().filter((type) => type !== 'progress')
      expect(types).toEqual(['connecting', 'open', ...Array(5).fill('message')])
      expect(session.types().at(-1)).toBe('message')
      await server.expectNoConnections()
    })

    it('3: fails with a WireError whose message contains the path', async () => {
      const session = record(connect(backend().url(scenarios.refused), { reconnect: quick }))
      const error = await session.ended()
      expect(error).toBeInstanceOf(WireError)
      expect(isWireError(error) && error.message).toContain(scenarios.refused)
      expect(session.types()).toEqual(beforeRefusal)
    })

    it('3: emits `close` and completes when the server is done', async () => {
      const session = record(connect(backend().url(scenarios.done), {}))
      expect(await session.ended()).toBe('complete')
      const last = session.events.at(-1)
      // A close with a code is that of a socket, as the engine reports it.
      const wasClean = last?.type === 'close' && last.code !== undefined ? reportedClean() : true
      expect(last).toMatchObject({ type: 'close', wasClean })
    })

    it('4: emits `waiting` with cause and delay for a failure that it retries', async () => {
      const url = backend().url(scenarios.unavailable, { times: 2 * requestsPerRefusal, seconds: 0 })
      const session = record(connect(url, { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      const seen = session.events.slice(0, 6)
      expect(seen.map((event) => [event.type, 'attempt' in event ? event.attempt : undefined])).toEqual([
        ['connecting', 0],
        ['waiting', 1],
        ['connecting', 1],
        ['waiting', 2],
        ['connecting', 2],
        ['open', undefined],
      ])
      for (const event of seen) {
        if (event.type !== 'waiting') continue
        expect(event.delayMs).toBeGreaterThan(0)
        expect(event.cause).toMatchObject(outage)
      }
    })

    itOfStreams('5: delivers each message once across ten cuts', async (feed) => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 10, minBytes: 200, maxBytes: 3_000, seed: 5 } })
      const session = record(connect(proxy.url(feed, { count: 5_000 }), { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index + 1)))
      expect((await proxy.order({})).cuts).toBe(10)
    })

    itOfStreams('5: keeps a separate resume point for each subscription', async (feed) => {
      const server = backend()
      const proxy = await server.proxy()
      const wire = connect(proxy.url(feed, { count: 100, everyMs: 5 }), { reconnect: quick })
      const early = record(wire)
      await early.until('message', 20)
      const late = record(wire)
      await late.until('message')
      await proxy.order({ cut: true })
      for (const session of [early, late]) {
        expect(await session.ended()).toBe('complete')
        expect(session.data()).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)))
      }
    })

    itOfStreams('5: loses no message when `reconnectNow` emits during a burst', async (feed) => {
      const now = new Subject<void>()
      const url = backend().url(feed, { count: 60 })
      const session = record(connect(url, { reconnect: { ...quick, reconnectNow: now } }), (event) => {
        if (event.type === 'message' && ['3', '30'].includes(event.data)) now.next()
      })
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(Array.from({ length: 60 }, (_, index) => String(index + 1)))
    })

    itOfStreams('6: counts consecutive failures and resets the count after proof of service', async (feed) => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ passage: 'refusing' })
      const session = record(
        connect(proxy.url(feed, { count: 100_000, everyMs: 5 }), {
          reconnect: { ...quick, resetOnMessageAfterMs: 50 },
        }),
      )
      await session.until('waiting', 3)
      await proxy.order({ passage: 'open' })
      await session.until('message', 60)
      const counts = () => session.events.flatMap((event) => (event.type === 'waiting' ? [event.attempt] : []))
      const failures = counts()
      expect(failures).toEqual(failures.map((_, index) => index + 1))
      // Repeated, because a polling transport may have been between two requests.
      const cut = async () => {
        await proxy.order({ cut: true })
        return counts()[failures.length]
      }
      await expect.poll(cut).toBe(1)
    })

    itOfStreams('6: keeps retrying a server that fails after each response, with growing delays', async (feed) => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 100, minBytes: 1_500, maxBytes: 2_000, seed: 6 } })
      const reconnect = { backoff: exponential({ floorMs: 1, baseMs: 20 }), random: () => 0.999, maxRetries: 3 }
      const session = record(connect(proxy.url(feed, { count: 5_000, everyMs: 1 }), { reconnect }))
      await session.until('waiting', 9)
      const delays = session.events.flatMap((event) => (event.type === 'waiting' ? [event.delayMs] : []))
      expect(delays[8]).toBeGreaterThan(2 * (delays[4] ?? 0))
      expect(session.end).toBeUndefined()
    })

    itOfRequests('7: does not retry an interrupted request that is unsafe to repeat', async (connect) => {
      const server = backend()
      const proxy = await server.proxy()
      const session = record(connect(proxy.url(scenarios.held), { reconnect: quick }))
      await session.until('open')
      await proxy.order({ cut: true })
      expect(await session.ended()).toBeInstanceOf(WireError)
      expect((await server.stats()).seen).toHaveLength(1)
    })

    itOfRequests('7: sends a request that is unsafe to repeat only once', async (connect) => {
      const server = backend()
      const url = server.url(scenarios.unavailable, { times: 2, seconds: 0 })
      const session = record(connect(url, { reconnect: quick }))
      expect(await session.ended()).toMatchObject(outage)
      expect(session.types()).not.toContain('waiting')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    itOfRequests('7: retries with the same idempotency key on every attempt', async (connect) => {
      const server = backend()
      const url = server.url(scenarios.unavailable, { times: 2, seconds: 0 })
      const session = record(connect(url, { idempotencyKey: 'k1', reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      const keys = (await server.stats()).seen.map(({ idempotencyKey }) => idempotencyKey)
      expect(keys.slice(0, 3)).toEqual(['k1', 'k1', 'k1'])
      expect(new Set(keys).size).toBe(1)
    })

    const because = knowsNoRetryAfter === undefined ? '' : ` (skipped: ${knowsNoRetryAfter})`
    it.skipIf(because !== '')(`8: adds jitter on top of Retry-After${because}`, async () => {
      const delays: number[] = []
      for (const random of [0, 0.5, 0.999]) {
        const url = backend().url(scenarios.unavailable, { times: 9, seconds: 2 })
        const session = record(connect(url, { reconnect: { ...quick, random: () => random } }))
        await session.until('waiting')
        const waiting = session.events.find((event) => event.type === 'waiting') as WireEvent<string> & {
          delayMs: number
        }
        delays.push(waiting.delayMs)
        session.stop()
      }
      expect(delays).toEqual([2_000, 2_500, 2_999])
    })

    it('10: emits only plain data, `Headers` and `WireError`s', async () => {
      const url = backend().url(scenarios.unavailable, { times: requestsPerRefusal, seconds: 0 })
      const session = record(connect(url, { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.types()).toEqual(expect.arrayContaining(['connecting', 'waiting', 'open', 'message', 'close']))
      for (const event of session.events) {
        for (const value of Object.values(event)) {
          const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
          expect(isPlain || value instanceof Headers || isWireError(value), JSON.stringify(event)).toBe(true)
        }
      }
    })

    it('10: emits events and errors that survive as plain data', async () => {
      const unavailable = backend().url(scenarios.unavailable, { times: requestsPerRefusal, seconds: 0 })
      const lives = [unavailable, backend().url(scenarios.refused)].map((url) =>
        record(connect(url, { reconnect: quick })),
      )
      const ends = await Promise.all(lives.map((session) => session.ended()))
      const errors = ends.flatMap((end) => (end === 'complete' ? [] : [end]))
      expect(errors).toHaveLength(1)
      for (const error of errors) expectAlike(fromPlain(JSON.parse(JSON.stringify(toPlain(error)))), error)
      for (const event of lives.flatMap(({ events }) => events)) {
        expectAlike(fromPlain(structuredClone(toPlain(event))), event)
      }
    })

    itOfStreams('11: skips a message that cannot be decoded and stays connected', async (feed) => {
      const decode = (text: string) => {
        if (text === '3') throw new SyntaxError('three is right out')
        return text
      }
      const session = record(connect(backend().url(feed, { count: 5 }), { decode, reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['1', '2', '4', '5'])
    })
  })
}
