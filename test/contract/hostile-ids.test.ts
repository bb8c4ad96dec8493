import {
  type AttemptContext,
  fromEventSource,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromWebSocket,
  ndjson,
  sse,
  type WebSocketData,
  WireMemory,
  wireStore,
  xhrEngine,
} from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type Cell, problemsOf, TEXTS, WRONG_VALUES } from './hostile-values.ts'

const net = networkForEachTest()

type Url = (context: AttemptContext) => string

/** A wire whose server sends a message with the id `good`, one with a hostile id, and is lost. */
type Open = (url: Url, path: string, id: string) => Pick<Cell, 'wire' | 'requests' | 'connections'>

/** A stream of two records that breaks off. */
function cutStream(path: string, records: readonly string[], contentType: string) {
  const route = net.route(
    'GET',
    path,
    async function* (_, { wait }) {
      for (const record of records) yield record
      await wait(1_000)
      throw new Error('cut')
    },
    { contentType },
  )
  return { requests: route.requests, connections: route }
}

const events = (id: string) => ['id: good\ndata: 1\n\n', `id: ${id}\ndata: 2\n\n`]
const lines = (id: unknown) => ['{"id":"good"}\n', `${JSON.stringify({ id })}\n`]
const idOf = ({ id }: { id: string }) => id

/** Each with its resume point after an id that cannot travel. */
const transports: readonly [name: string, open: Open, previous: string | undefined][] = [
  [
    'fromEventSource',
    (url, path, id) => ({ wire: fromEventSource(url), ...cutStream(path, events(id), 'text/event-stream') }),
    'good',
  ],
  [
    'fromEventSource by XHR',
    (url, path, id) => ({
      wire: fromEventSource(url, { engine: xhrEngine() }),
      ...cutStream(path, events(id), 'text/event-stream'),
    }),
    'good',
  ],
  [
    'sse()',
    (url, path, id) => ({
      wire: fromFetchStream(url, { decode: sse(), resume: true }),
      ...cutStream(path, events(id), 'text/event-stream'),
    }),
    // A request is not repeated after a message without an id.
    undefined,
  ],
  [
    'ndjson() with idOf',
    (url, path, id) => ({
      wire: fromFetchStream(url, { decode: ndjson<{ id: string }>(), resume: true, idOf }),
      ...cutStream(path, lines(id), 'application/x-ndjson'),
    }),
    undefined,
  ],
  [
    'fromWebSocket with idOf',
    (url, path, id) => {
      const route = net.socket(path, (socket) => {
        for (const line of lines(id)) socket.send(line)
        setTimeout(() => socket.terminate(), 1_000)
      })
      const wire = fromWebSocket(url, {
        decode: (text: WebSocketData): { id: string } => JSON.parse(String(text)),
        idOf,
      })
      return { wire, requests: route.attempts, connections: route }
    },
    'good',
  ],
]

/** Where a wire must resume after an id: an empty one forgets the point, one that cannot travel leaves it. */
function resumePointAfter(id: string, previous: string | undefined): string | undefined {
  if (id === '') return undefined
  return id.length > 4_096 || /\p{Cc}/u.test(id) ? previous : id
}

describe.each(transports)('%s', (_, open, previous) => {
  it('resumes after the last id that can travel', async () => {
    const cursors = TEXTS.map((): unknown[] => [])
    const cells = TEXTS.map(([name, id], index): Cell => {
      const path = `/${index}`
      const url: Url = ({ cursor }) => {
        cursors[index]?.push(cursor)
        return path
      }
      return { name, ...open(url, path, id) }
    })
    expect(await problemsOf(net, cells)).toEqual([])
    expect(cursors.map(([, second]) => second)).toEqual(TEXTS.map(([, id]) => resumePointAfter(id, previous)))
  })
})

describe('retry:', () => {
  it.each([
    ['fromEventSource', (url: string) => fromEventSource(url)],
    ['sse()', (url: string) => fromFetchStream(url, { decode: sse() })],
  ])('keeps the reconnects of %s within their limits', async (_, open) => {
    const cells = TEXTS.map(([name, text], index): Cell => {
      const records = [`retry: ${text}\n\n`, `data: 1\nretry: ${text}\n\n`]
      return { name, wire: open(`/${index}`), ...cutStream(`/${index}`, records, 'text/event-stream') }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})

describe('readCursor', () => {
  it('takes everything but a text that can travel as no cursor', async () => {
    const sent: unknown[] = []
    const cells = [...WRONG_VALUES, ...TEXTS.map(([name, text]) => [name, () => text] as const)].map(
      ([name, make], index): Cell => {
        const route = net.route('GET', `/${index}`, ({ url }) => {
          sent[index] = new URL(url).searchParams.get('cursor')
          return [1]
        })
        const wire = fromLongPoll(`/${index}`, { readCursor: () => make() as string })
        return { name, wire, requests: route.requests, connections: route, named: 'readCursor' }
      },
    )
    expect(await problemsOf(net, cells)).toEqual([])
    expect(sent.slice(0, WRONG_VALUES.length).filter((cursor) => cursor !== null)).toEqual([])
  })
})

describe('resumeFrom', () => {
  const openers: readonly [name: string, open: (resumeFrom: string) => unknown][] = [
    ['fromEventSource', (resumeFrom) => fromEventSource('/a', { resumeFrom })],
    ['fromFetchStream', (resumeFrom) => fromFetchStream('/a', { resumeFrom })],
    ['fromPoll', (resumeFrom) => fromPoll('/a', { resumeFrom })],
    ['fromLongPoll', (resumeFrom) => fromLongPoll('/a', { resumeFrom })],
    ['fromWebSocket', (resumeFrom) => fromWebSocket('/a', { resumeFrom })],
    ['WireMemory', (resumeFrom) => new WireMemory({ resumeFrom })],
    ['wireStore', (cursor) => wireStore(fromEventSource('/a'), { dehydrated: { data: '', cursor } })],
  ]

  it.each(openers)('is refused at the call of %s if it cannot be sent back', (_, open) => {
    const wrong = WRONG_VALUES.filter(([name]) => name !== 'undefined' && name !== 'an empty text')
    const values = [...wrong.map(([, make]) => make()), '20 kB'.repeat(4_000), 'a\u0001b', ' a', 'a\n']
    for (const value of values) {
      if (value instanceof Promise) value.catch(() => {})
      expect(() => open(value as string), typeof value).toThrow(TypeError)
      expect(() => open(value as string), typeof value).toThrow(/resumeFrom|cursor/)
    }
  })
})
