import {
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromWebSocket,
  fromXhr,
  json,
  ndjson,
  pingPong,
  type Wire,
} from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type Cell, problemsOf, THROWING, WRONG_VALUES } from './hostile-values.ts'

const net = networkForEachTest()

/** A callback whose result has another type than its option allows. */
type Hostile = () => never

/** How a wire ends, and what it delivers before. */
type End = Pick<Cell, 'end' | 'data'>

const failed: End = { end: 'failed' }
const both: End = { end: 'active', data: [1, 2] }
const none: End = { end: 'active', data: [] }

type Subject = readonly [
  option: string,
  open: (url: string, callback: Hostile) => Wire<unknown>,
  ends: {
    /** After a value of a wrong type. Default: every value is valid. */
    readonly wrong?: End
    /** After an error. Default: the wire fails. */
    readonly thrown?: End
    /** After values that have a meaning of their own. */
    readonly except?: Readonly<Record<string, End>>
  },
]

/** Rows whose value is a promise. They are refused, because the result is needed at once. */
const promised = { 'a promise': failed, 'a promise that never settles': failed, 'a rejected promise': failed }
const missing = (end: End) => ({ undefined: end, null: end })
const yesOrNo = { wrong: both, except: promised }

const eventSource = (option: string, ends: Subject[2] = yesOrNo): Subject => [
  option,
  (url, callback) => fromEventSource(url, { decode: json<number>(), [option]: callback }),
  ends,
]
const fetchStream = (option: string, ends: Subject[2] = yesOrNo): Subject => [
  option,
  (url, callback) => fromFetchStream(url, { decode: ndjson<number>(), [option]: callback }),
  ends,
]
const longPoll = (option: string, ends: Subject[2] = yesOrNo): Subject => [
  option,
  (url, callback) => fromLongPoll(url, { decode: json<number>(), [option]: callback }),
  ends,
]
const webSocket = (option: string, ends: Subject[2] = yesOrNo): Subject => [
  option,
  (url, callback) => fromWebSocket(url, { decode: (text) => JSON.parse(String(text)), [option]: callback }),
  ends,
]
const poll = (option: string, ends: Subject[2] = yesOrNo): Subject => [
  option,
  (url, callback) => fromPoll(url, { decode: json<number>(), everyMs: 1_000, [option]: callback }),
  ends,
]
const heartbeat = (option: string, everyMs: number, ends: Subject[2]): Subject => [
  option,
  (url, callback) =>
    fromWebSocket(url, {
      decode: (text) => JSON.parse(String(text)),
      heartbeat: pingPong({ ping: () => 'ping', everyMs, [option]: callback }),
    }),
  ends,
]
const policy = (option: string, ends: Subject[2]): Subject => [
  option,
  (url, callback) => fromEventSource(url, { reconnect: { [option]: callback } }),
  ends,
]

const texts: End = { end: 'active', data: ['1', '2'] }
const ofCreateDecoder = {
  wrong: failed,
  except: { ...missing(texts), 'an object': texts, 'an object without a prototype': texts, 'an array': texts },
}
const ofDecode = { thrown: none }
/** The messages are bad, so that the policy is called. */
const ofPolicy: Subject[] = [
  [
    'onBadMessage',
    (url, onBadMessage) => fromEventSource(url, { decode: () => JSON.parse('{'), onBadMessage }),
    { thrown: failed },
  ],
]
const badMessage = { 'a promise': none, 'a promise that never settles': none, 'a rejected promise': none }
const ofFailsWhen = { wrong: failed, except: { ...promised, ...missing(both), 'an empty text': both, NaN: both } }

const tables: readonly [transport: string, serve: (path: string) => Omit<Cell, 'name' | 'wire'>, Subject[]][] = [
  [
    'fromEventSource',
    (path) => stream(path, ['data: 1\n\n', 'data: 2\n\n'], 'text/event-stream'),
    [
      eventSource('endsWhen'),
      eventSource('endMarker'),
      eventSource('failsWhen', ofFailsWhen),
      eventSource('decode', ofDecode),
      ...ofPolicy,
    ],
  ],
  [
    'fromFetchStream',
    (path) => stream(path, ['1\n', '2\n'], 'application/x-ndjson'),
    [fetchStream('endsWhen'), fetchStream('endMarker'), fetchStream('failsWhen', ofFailsWhen), fetchStream('idOf')],
  ],
  [
    'fromLongPoll',
    (path) => responses(path, [1, 2]),
    [
      longPoll('endsWhen'),
      longPoll('endsOnResponse'),
      longPoll('readCursor'),
      longPoll('decode', ofDecode),
      longPoll('messages', { wrong: none, thrown: none, except: { 'an array': { end: 'active' } } }),
    ],
  ],
  ['fromPoll', (path) => responses(path, [1, 2]), [poll('endsWhen'), poll('everyMs'), poll('decode', ofDecode)]],
  [
    'fromWebSocket',
    (path) => socket(path),
    [
      webSocket('endsWhen'),
      webSocket('endMarker'),
      webSocket('failsWhen', ofFailsWhen),
      webSocket('isReady'),
      ['createDecoder', (url, createDecoder) => fromWebSocket(url, { createDecoder }), ofCreateDecoder],
      webSocket('decode', ofDecode),
      webSocket('idOf', { wrong: both, thrown: none, except: badMessage }),
      webSocket('messages', { wrong: none, thrown: none }),
      heartbeat('pong', 3_600_000, { wrong: both, thrown: none, except: badMessage }),
      heartbeat('ping', 25_000, { wrong: failed, except: { 'an empty text': { end: 'active' } } }),
    ],
  ],
  ['fromFetch', (path) => responses(path, [1]), [['decode', (url, decode) => fromFetch(url, { decode }), {}]]],
  ['fromXhr', (path) => responses(path, [1]), [['decode', (url, decode) => fromXhr(url, { decode }), {}]]],
  [
    'a server that closes with 4000',
    (path) => socket(path, 4_000),
    [webSocket('closeCodes', { wrong: failed, except: missing({ end: 'active' }) })],
  ],
  [
    'a server that responds with 503',
    (path) => refusal(path),
    [
      policy('shouldRetry', { wrong: failed, except: missing({ end: 'active' }) }),
      policy('backoff', { wrong: failed }),
      policy('random', { wrong: failed }),
    ],
  ],
]

/** A stream of two messages that stays open. */
function stream(path: string, records: readonly string[], contentType: string): Omit<Cell, 'name' | 'wire'> {
  const route = net.route(
    'GET',
    path,
    async function* (_, { wait }) {
      yield* records
      await wait(3_600_000)
    },
    { contentType },
  )
  return { requests: route.requests, connections: route }
}

/** One response for each message, then a held request. */
function responses(path: string, messages: readonly unknown[]): Omit<Cell, 'name' | 'wire'> {
  const left = [...messages]
  const route = net.route('GET', path, async (_, { wait }) => {
    if (left.length > 0) return new Response(JSON.stringify(left.shift()))
    await wait(3_600_000)
    return undefined
  })
  return { requests: route.requests, connections: route }
}

function socket(path: string, closeCode?: number): Omit<Cell, 'name' | 'wire'> {
  const route = net.socket(path, (server) => {
    for (const message of ['1', '2']) server.send(message)
    server.onMessage = () => server.send('3')
    if (closeCode !== undefined) server.close(closeCode)
  })
  return { requests: route.attempts, connections: route }
}

function refusal(path: string): Omit<Cell, 'name' | 'wire'> {
  const route = net.route('GET', path, () => new Response('', { status: 503 }))
  return { requests: route.requests, connections: route }
}

describe.each(tables)('%s', (_, serve, subjects) => {
  const cellsOf = (
    [option, open, ends]: Subject,
    rows: readonly (readonly [name: string, callback: () => unknown])[],
    endOf: (name: string) => End | undefined,
  ) =>
    rows.map(([name, callback], index): Cell => {
      const path = `/${option}/${index}`
      const cell = { name, named: option, ...serve(path), wire: open(path, callback as Hostile) }
      return { ...cell, ...(endOf(name) ?? ends.wrong) }
    })
  const withType = subjects.filter(([, , { wrong }]) => wrong !== undefined)

  it.runIf(withType.length > 0).each(withType)(
    'ends or continues as documented for each result of %s',
    async (...subject) => {
      const cells = cellsOf(subject, WRONG_VALUES, (name) => subject[2].except?.[name])
      expect(await problemsOf(net, cells)).toEqual([])
    },
  )

  it.each(subjects)('ends or continues as documented if %s throws', async (...subject) => {
    const cells = cellsOf(subject, THROWING, () => subject[2].thrown ?? failed)
    expect(await problemsOf(net, cells)).toEqual([])
  })
})
