import { take } from 'rxjs'
import { fromLongPoll, HttpError, json, type LongPollOptions, messages } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'

const numbers: LongPollOptions<number> = {
  readCursor: ({ headers }) => headers.get('x-next'),
  sendCursor: { query: 'after' },
  messages: (body) => body as number[],
  reconnect: quick,
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('fromLongPoll', () => {
  it('delivers all batches once and in order', async () => {
    const server = backend()
    const session = record(fromLongPoll(server.url('/long-poll/feed', { count: 100, batch: 7 }), numbers))
    await session.until('message', 100)
    expect(session.data()).toEqual(upTo(100))
    expect((await server.stats()).peak).toBe(1)
  })

  it('resumes after the last cursor after every cut', async () => {
    const proxy = await backend().proxy()
    await proxy.order({ cutAtRandom: { times: 20, minBytes: 100, maxBytes: 1_500, seed: 4 } })
    const session = record(fromLongPoll(proxy.url('/long-poll/feed', { count: 5_000, batch: 100 }), numbers))
    await session.until('message', 5_000)
    expect(session.data()).toEqual(upTo(5_000))
    expect((await proxy.order({})).cuts).toBe(20)
  })

  it('starts after resumeFrom', async () => {
    const url = backend().url('/long-poll/feed', { count: 10 })
    const session = record(fromLongPoll(url, { ...numbers, resumeFrom: '7' }))
    await session.until('message', 3)
    expect(session.data()).toEqual([8, 9, 10])
  })

  for (const quiet of [204, 304]) {
    it(`handles ${quiet} as an empty response and paces the requests`, async () => {
      const server = backend()
      const session = record(fromLongPoll(server.url('/long-poll/feed', { count: 1, quiet }), numbers))
      await session.until('progress', 3)
      expect(session.types()).not.toContain('waiting')
      const { length } = (await server.stats()).seen
      await new Promise((resolve) => setTimeout(resolve, 500))
      // An unpaced loop would have sent hundreds of requests.
      expect((await server.stats()).seen.length).toBeLessThanOrEqual(length + 3)
    })
  }

  for (const quiet of [502, 504]) {
    it(`takes a ${quiet} that comes at once for a failure`, async () => {
      const session = record(fromLongPoll(backend().url('/long-poll/feed', { count: 0, quiet }), numbers))
      await session.until('waiting', 3)
      expect(session.types()).not.toContain('open')
    })
  }

  it('fails and polls again after holdTimeoutMs', async () => {
    const server = backend()
    const url = server.url('/long-poll/feed', { count: 1, holdMs: 60_000 })
    const session = record(fromLongPoll(url, { ...numbers, holdTimeoutMs: 50 }))
    await session.until('waiting', 3)
    expect(session.events).toContainEqual(
      expect.objectContaining({ type: 'waiting', cause: expect.objectContaining({ kind: 'timeout' }) }),
    )
    session.stop()
    await server.expectNoConnections()
  })

  it('retries after a 503 and fails on a 403', async () => {
    const waiting = record(fromLongPoll(backend().url('/sse/unavailable', { seconds: 0 }), numbers))
    await waiting.until('waiting', 2)
    const refused = record(fromLongPoll(backend().url('/poll/state', { status: 403 }), numbers))
    expect(await refused.ended()).toBeInstanceOf(HttpError)
  })

  it('sends an ETag back in If-None-Match', async () => {
    const server = backend()
    const session = record(
      fromLongPoll(server.url('/poll/state', { changes: 2 }), { decode: json<{ version: number }>() }),
    )
    await session.until('message', 2)
    expect(session.data().slice(0, 2)).toEqual([{ version: 0 }, { version: 1 }])
  })

  it('sets the cursor as the id of only the last message of a batch', async () => {
    const session = record(fromLongPoll(backend().url('/long-poll/feed', { count: 4, batch: 2 }), numbers))
    await session.until('message', 4)
    const ids = session.events.flatMap((event) => (event.type === 'message' ? [event.id] : []))
    expect(ids).toEqual([undefined, '2', undefined, '4'])
  })

  it('delivers nothing more after an unsubscribe within a batch', async () => {
    const server = backend()
    const seen: number[] = []
    fromLongPoll(server.url('/long-poll/feed'), numbers)
      .pipe(messages(), take(5))
      .subscribe((number) => seen.push(number))
    await expect.poll(() => seen).toEqual(upTo(5))
    await server.expectNoConnections()
  })
})
