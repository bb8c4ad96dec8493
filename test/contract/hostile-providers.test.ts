import { fromWebSocket, sendBeacon } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type HostileProvider, type OpenWith, once, transportsWith } from './hostile-transports.ts'
import { type Cell, problemsOf, SECRET, THROWN, WRONG_VALUES } from './hostile-values.ts'

const net = networkForEachTest()

type Rows = readonly (readonly [name: string, provide: () => unknown])[]

/** One wire for each row, at a server that responds with 1. */
function cellsOf(option: string, open: OpenWith, rows: Rows, endOf: (name: string) => Cell['end']): Cell[] {
  return rows.map(([name, provide], index) => {
    const url = `/${option}/${index}`
    const route = net.route('*', url, () => new Response('1', { headers: { 'content-type': 'text/event-stream' } }))
    const wire = open(url, provide as HostileProvider)
    const cell: Cell = { name, wire, requests: route.requests, connections: route }
    const end = endOf(name)
    return end === undefined ? cell : { ...cell, end, named: option }
  })
}

const thrown: Rows = THROWN.flatMap(([name, value]) => [
  [
    name,
    () => {
      throw value
    },
  ],
  [`${name} later`, () => Promise.reject(value)],
])

/** A promise of a valid provider may never settle. That has tests of its own. */
const settled = WRONG_VALUES.filter(([name]) => name !== 'a promise that never settles')

const urls: Rows = [
  `http://user:${SECRET}@localhost/`,
  `http://user:${SECRET}@[`,
  `http://user:${SECRET}/2@localhost/`,
  `http://[/?token=${SECRET}`,
  `javascript:"${SECRET}"`,
  `mailto:${SECRET}`,
  `user:1${SECRET}@localhost`,
  `http://localhost:0/?token=${SECRET}`,
  `data:text/html,${SECRET}`,
].map((url) => [url, () => url])

const headers: Rows = [
  ['a control character', () => ({ authorization: `${SECRET}\u0000` })],
  ['a line end', () => ({ authorization: `${SECRET}\n${SECRET}` })],
  ['non-ASCII', () => ({ authorization: `${SECRET}\u20ac` })],
  ['an invalid name', () => ({ [`${SECRET} `]: 'a' })],
  ['a symbol as value', () => ({ authorization: Symbol(SECRET) })],
  ['a pair that is a text', () => [SECRET]],
  ['a pair of one', () => [[SECRET]]],
  ['a pair that is a number', () => [7]],
  ['a pair of symbols', () => [[Symbol(SECRET), Symbol(SECRET)]]],
]

describe.each(transportsWith('url'))('url of %s', (_, open) => {
  it('is refused by name if it is no URL', async () => {
    const rows = settled.filter(([name]) => name !== 'an empty text' && name !== 'a promise')
    expect(
      await problemsOf(
        net,
        cellsOf('url', open, [...rows, ...urls.slice(0, -1)], () => 'failed'),
      ),
    ).toEqual([])
  })

  it('ends the wire with its name if it throws', async () => {
    expect(
      await problemsOf(
        net,
        cellsOf('url', open, thrown, () => 'failed'),
      ),
    ).toEqual([])
  })
})

describe.each(transportsWith('headers'))('headers of %s', (_, open) => {
  it('are refused by name if they are no headers, and not shown', async () => {
    const valid = ['undefined', 'an object', 'an object without a prototype', 'a function']
    const rows = [...settled.filter(([name]) => name !== 'a promise'), ...headers]
    const endOf = (name: string) => (valid.includes(name) ? undefined : 'failed')
    expect(await problemsOf(net, cellsOf('headers', open, rows, endOf))).toEqual([])
  })

  it('end the wire with their name if they throw', async () => {
    expect(
      await problemsOf(
        net,
        cellsOf('headers', open, thrown, () => 'failed'),
      ),
    ).toEqual([])
  })
})

describe.each(transportsWith('body'))('body of %s', (_, open) => {
  it('is refused by name if the host would send its type as a text', async () => {
    const valid = ['undefined', 'null', 'an empty text']
    const endOf = (name: string) => (valid.includes(name) ? undefined : 'failed')
    const cells = cellsOf('body', open, settled, endOf)
    expect(await problemsOf(net, cells)).toEqual([])
    const sent = cells.filter(({ end, requests }) => end === 'failed' && requests.length > 0)
    expect(sent.map(({ name }) => name)).toEqual([])
  })

  it('ends the wire with its name if it throws', async () => {
    expect(
      await problemsOf(
        net,
        cellsOf('body', open, thrown, () => 'failed'),
      ),
    ).toEqual([])
  })
})

describe('sendBeacon', () => {
  it.each(headers.slice(0, -1))('refuses headers with %s at the call, and does not show them', (_, make) => {
    const send = () => sendBeacon('/a', 'a', { headers: make() as HeadersInit })
    expect(send).toThrow(/^headers must be valid/)
    expect(send).not.toThrow(SECRET)
  })
})

describe('fromWebSocket', () => {
  const socketOptions: readonly (readonly [option: string, valid: readonly string[]])[] = [
    ['protocols', ['undefined', 'null', 'an array']],
    ['sendOnOpen', ['undefined', 'an empty text', 'an array']],
  ]
  const socketCells = (option: string, rows: Rows, endOf: (name: string) => Cell['end']): Cell[] =>
    rows.map(([name, provide], index) => {
      const url = `/${option}/${index}`
      const route = net.socket(url)
      const wire = fromWebSocket(url, { ...once, [option]: provide as HostileProvider })
      const cell = { name, named: option, wire, requests: route.attempts, connections: route }
      const end = endOf(name)
      return end === undefined ? cell : { ...cell, end }
    })

  it.each(socketOptions)('refuses a result of %s of another type, and does not show it', async (option, valid) => {
    const rows: Rows = [
      ...settled,
      ['a token with a space', () => `${SECRET} ` as unknown],
      ['the same token twice', () => [SECRET, SECRET]],
      ['a list with an object', () => [{ token: SECRET }]],
    ].slice(0, option === 'protocols' ? undefined : settled.length) as Rows
    const endOf = (name: string) => (valid.includes(name) ? 'active' : 'failed')
    expect(await problemsOf(net, socketCells(option, rows, endOf))).toEqual([])
  })

  it.each(socketOptions)('ends with the name of %s if it throws', async (option) => {
    expect(
      await problemsOf(
        net,
        socketCells(option, thrown, () => 'failed'),
      ),
    ).toEqual([])
  })
})
