import {
  decode,
  fromEventSource,
  fromLongPoll,
  limitBurst,
  reconnecting,
  stallTimeout,
  type Wire,
  type WireStore,
  wireStore,
} from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type Cell, problemsOf, SECRET, THROWING, WRONG_VALUES } from './hostile-values.ts'

const net = networkForEachTest()

type Hostile = () => never
type Rows = readonly (readonly [name: string, callback: () => unknown])[]

/** A stream of two events that stays open. */
function ticks(path: string) {
  const route = net.route(
    'GET',
    path,
    async function* (_, { wait }) {
      yield 'id: 1\ndata: 1\n\n'
      yield 'id: 2\ndata: 2\n\n'
      await wait(3_600_000)
    },
    { contentType: 'text/event-stream' },
  )
  return { requests: route.requests, connections: route }
}

const withoutPromises = WRONG_VALUES.filter(([name]) => !name.includes('promise'))
const promises = WRONG_VALUES.filter(([name]) => name.includes('promise'))

const operators: readonly (readonly [
  option: string,
  use: (source: Wire<string>, callback: Hostile) => Wire<unknown>,
  /** How the wire is after a value of a wrong type. */
  end: Cell['end'],
])[] = [
  ['decode', (source, callback) => source.pipe(decode(callback, { onBadMessage: 'fail' })), 'active'],
  ['stallTimeout', (source, callback) => source.pipe(stallTimeout(callback)), 'failed'],
  [
    'limitBurst: conflateBy',
    (source, conflateBy) => source.pipe(limitBurst({ maxCount: 1, overflow: 'conflate', conflateBy })),
    'active',
  ],
  [
    'limitBurst: onDrop',
    (source, onDrop) => source.pipe(limitBurst({ maxCount: 1, overflow: 'drop-oldest', onDrop })),
    'active',
  ],
]

describe.each(operators)('%s', (option, use, end) => {
  const cellsOf = (rows: Rows, endOf: (name: string) => Cell['end']) =>
    rows.map(([name, callback], index): Cell => {
      const path = `/${index}`
      const wire = use(fromEventSource(path), callback as Hostile)
      const cell = { name, wire, ...ticks(path), named: option }
      const expected = endOf(name)
      return expected === undefined ? cell : { ...cell, end: expected }
    })
  // A stall limit of 7 ms is valid, and one of infinity is no limit.
  const special = (name: string) => option === 'stallTimeout' && ['a number', '1e309'].includes(name)

  it('ends or continues as documented for each result', async () => {
    const cells = cellsOf(withoutPromises, (name) => (special(name) ? undefined : end))
    const named = cells.map((cell) => (special(cell.name) ? { ...cell, named: '' } : cell))
    expect(await problemsOf(net, named)).toEqual([])
  })

  it('ends the wire by name if it throws', async () => {
    expect(
      await problemsOf(
        net,
        cellsOf(THROWING, () => 'failed'),
      ),
    ).toEqual([])
  })
})

describe.each(operators.slice(1, 3))('%s', (option, use) => {
  it('ends the wire by name if it returns a promise', async () => {
    const cells = promises.map(([name, callback], index): Cell => {
      const wire = use(fromEventSource(`/${index}`), callback as Hostile)
      return { name, wire, ...ticks(`/${index}`), named: option, end: 'failed' }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})

describe('sendCursor', () => {
  const poll = (path: string, sendCursor: (request: { readonly url: URL; readonly headers: Headers }) => unknown) => {
    const route = net.route('GET', path, () => new Response('1', { headers: { 'x-cursor': 'c' } }))
    const wire = fromLongPoll(path, {
      headers: { authorization: SECRET },
      readCursor: { header: 'x-cursor' },
      sendCursor: sendCursor as () => void,
    })
    return { wire, requests: route.requests, connections: route, named: 'sendCursor', end: 'failed' as const }
  }

  it('ends the wire by name if it throws or returns a promise', async () => {
    const cells = [...THROWING, ...promises].map(
      ([name, callback], index): Cell => ({ name, ...poll(`/${index}`, callback) }),
    )
    expect(await problemsOf(net, cells)).toEqual([])
  })

  it('ends the wire if it makes the URL one that is not requested', async () => {
    const urls = [`http://user:${SECRET}@localhost/`, `javascript:"${SECRET}"`, `http://localhost:1/?token=${SECRET}`]
    const cells = urls.map(
      (href, index): Cell => ({
        name: href,
        ...poll(`/${index}`, ({ url }) => {
          url.href = href
        }),
      }),
    )
    expect(await problemsOf(net, cells)).toEqual([])
  })

  it('does not take credentials to another origin', async () => {
    const away = net.route('*', 'https://away.test/*', () => 1)
    const cell = poll('/a', ({ url }) => {
      url.href = `https://away.test/x?token=${SECRET}`
    })
    expect(await problemsOf(net, [{ name: 'another origin', ...cell, named: 'another origin' }])).toEqual([])
    expect(away.requests).toEqual([])
  })

  it.each([7, null, {}, [], 'a', { header: '' }, { header: 'a b' }, { query: 7 }])(
    'is refused at the call if it is %j',
    (sendCursor) => {
      expect(() => fromLongPoll('/a', { sendCursor: sendCursor as { query: string } })).toThrow(/^sendCursor/)
    },
  )
})

describe('reconnecting', () => {
  it('ends with a WireError if its function throws or rejects', async () => {
    const rows: Rows = [...THROWING, ...THROWING.map(([name, fail]) => [`${name} later`, async () => fail()] as const)]
    const cells = rows.map(([name, connect]): Cell => {
      const wire = reconnecting(connect as () => void)
      return { name, wire, requests: [], connections: { open: 0 }, end: 'failed', named: 'The attempt failed' }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})

describe('wireStore', () => {
  /** Listens to a store for two minutes, and returns its state. */
  async function stateOf(store: WireStore<unknown>) {
    const stop = store.subscribe(() => {})
    await net.advance(120_000)
    const { connection, error } = store.getSnapshot()
    stop()
    return { connection, error }
  }

  it.each(THROWING)('fails if its fold throws %s', async (_, fold) => {
    ticks('/a')
    const state = await stateOf(wireStore(fromEventSource('/a'), { initial: 0, fold }))
    expect(state).toMatchObject({ connection: 'failed', error: { name: 'WireError', messageId: '1' } })
  })

  it.each(THROWING)('fails if its source throws %s', async (_, source) => {
    const state = await stateOf(wireStore(source as () => Wire<unknown>))
    expect(state).toMatchObject({ connection: 'failed', error: { name: 'WireError' } })
  })

  it.each(WRONG_VALUES.slice(0, -1))('fails if its source returns %s', async (_, source) => {
    const state = await stateOf(wireStore(source as () => Wire<unknown>))
    expect(state).toMatchObject({ connection: 'failed', error: { name: 'WireError' } })
    expect(state.error?.message).not.toContain(SECRET)
  })

  it.each([null, 7, 'a', { data: null }, { data: 7 }, { data: { length: 1 } }])(
    'refuses the dehydrated data %j at the call',
    (dehydrated) => {
      const options = { keep: 3, dehydrated: dehydrated as unknown as { data: string[]; cursor: undefined } }
      expect(() => wireStore(fromEventSource('/a'), options)).toThrow(/^dehydrated/)
    },
  )
})
