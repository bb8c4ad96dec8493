import { fromEventSource, fromFetchStream, fromLongPoll, ndjson, type Wire, wireStore } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

type OnGone = 'fail' | 'restart' | 'tail'

/** A server whose log starts after the message 1: a resume point before it is gone. */
function serveTrimmedLog(): string[] {
  const asked: string[] = []
  const respond = (cursor: string | null, body: string, headers: Record<string, string>) => {
    asked.push(cursor ?? 'start')
    return cursor === '1' ? new Response('', { status: 410 }) : new Response(body, { headers })
  }
  net.route('*', '/sse', ({ headers }) =>
    respond(headers.get('last-event-id'), 'id: 2\ndata: b\n\n', { 'content-type': 'text/event-stream' }),
  )
  net.route('*', '/poll', ({ url }) => respond(new URL(url).searchParams.get('cursor'), '"b"', { 'x-next': '2' }))
  net.route('*', '/rows', ({ headers }) => respond(headers.get('x-after'), '{"id":"2"}\n', {}))
  return asked
}

const transports: [string, (onGone: OnGone | undefined) => Wire<unknown>][] = [
  ['fromEventSource', (onGone) => fromEventSource('/sse', { resumeFrom: '1', onGone })],
  ['fromLongPoll', (onGone) => fromLongPoll('/poll', { resumeFrom: '1', onGone, readCursor: { header: 'x-next' } })],
  [
    'fromFetchStream with resume',
    (onGone) =>
      fromFetchStream('/rows', {
        headers: ({ cursor }) => (cursor === undefined ? {} : { 'x-after': cursor }),
        decode: ndjson<{ id: string }>(),
        idOf: ({ id }) => id,
        resume: true,
        resumeFrom: '1',
        onGone,
      }),
  ],
]

describe.each(transports)('410 Gone in %s', (_, connect) => {
  it.each([undefined, 'fail'] as const)('fails the wire with that response (onGone: %s)', async (onGone) => {
    const asked = serveTrimmedLog()
    const session = recordWire(connect(onGone))
    await net.advance(60_000)
    expect(session.error).toMatchObject({ kind: 'http', status: 410 })
    expect(asked).toEqual(['1'])
  })

  it.each([
    ['restart', 'reset'],
    ['tail', 'gap'],
  ] as const)('connects without a resume point (onGone: %s)', async (onGone, continuity) => {
    const asked = serveTrimmedLog()
    const session = recordWire(connect(onGone))
    await net.advance(3_000)
    expect(asked.slice(0, 2)).toEqual(['1', 'start'])
    expect(session.events.slice(0, 5)).toMatchObject([
      { type: 'connecting', attempt: 0 },
      { type: 'waiting', attempt: 1, cause: { status: 410 } },
      { type: 'connecting', attempt: 1 },
      { type: 'open', continuity },
      { type: 'message' },
    ])
  })
})

it('a server that responds to every request with 410 ends the wire', async () => {
  net.route('*', '/sse', () => new Response('', { status: 410 }))
  const session = recordWire(fromEventSource('/sse', { resumeFrom: '1', onGone: 'restart' }))
  await net.advance(60_000)
  expect(session.error).toMatchObject({ status: 410, retryable: false })
  expect(session.types.filter((type) => type === 'connecting')).toHaveLength(2)
})

it('an `open` after the restarted connection says nothing about continuity', async () => {
  serveTrimmedLog()
  const session = recordWire(fromEventSource('/sse', { resumeFrom: '1', onGone: 'restart' }))
  await net.advance(10_000)
  const opened = session.events.filter(({ type }) => type === 'open')
  expect(opened.length).toBeGreaterThan(1)
  expect(opened.slice(1).every((event) => !('continuity' in event))).toBe(true)
})

it('a store returns to `initial` after a restart, and counts a gap after a jump to the tail', async () => {
  let generation = 'old'
  net.route('*', '/sse', ({ headers }) => {
    if (headers.get('last-event-id') === 'old') return new Response('', { status: 410 })
    return new Response(`id: ${generation}\ndata: ${generation}\n\n`, {
      headers: { 'content-type': 'text/event-stream' },
    })
  })
  const stores = (['restart', 'tail'] as const).map((onGone) =>
    wireStore(fromEventSource('/sse', { onGone }), { keep: 10 }),
  )
  const leave = stores.map((store) => store.subscribe(() => {}))
  await net.advance(500)
  generation = 'new'
  await net.advance(5_000)
  const [restarted, tailed] = stores.map((store) => store.getSnapshot())
  for (const unsubscribe of leave) unsubscribe()
  expect(restarted).toMatchObject({ data: ['new'], gaps: 0, cursor: 'new' })
  expect(tailed).toMatchObject({ data: ['old', 'new'], gaps: 1, cursor: 'new' })
})

it('rejects onGone for a request that would be unsafe without a resume point', () => {
  const unsafe = { method: 'POST', resume: true, onGone: 'restart' } as const
  expect(() => fromEventSource('/sse', unsafe)).toThrow('onGone needs a method that is safe to repeat')
  expect(() => fromFetchStream('/rows', unsafe)).toThrow('onGone needs a method that is safe to repeat')
  expect(() => fromEventSource('/sse', { onGone: 'never' as 'fail' })).toThrow('onGone must be one of')
})
