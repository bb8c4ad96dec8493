import { fromUpload, offsetHeaders, tus, type UploadOptions, type UploadProtocol } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type Cell, problemsOf, SECRET, TEXTS, THROWING, WRONG_VALUES } from './hostile-values.ts'

const net = networkForEachTest()

const SIZE = 10
const file = () => new File(['0123456789'], 'a.txt', { lastModified: 1 })
const headers = { authorization: SECRET }
const away = () => net.route('*', 'https://away.test/*', () => undefined)

/** A storage that has one item. */
function storageOf(item: unknown): NonNullable<UploadOptions['storage']> {
  return { getItem: () => item as string, setItem: () => {}, removeItem: () => {} }
}

/** A tus server that responds with one hostile header. Its first HEAD says that it has half of the file. */
function serveTus(path: string, header: string, text: string) {
  return net.route('*', `${path}/*`, ({ method }, { params: _ }) => {
    const good: Record<string, string> =
      method === 'POST'
        ? { location: `${path}/files/u` }
        : {
            'upload-offset': method === 'HEAD' ? '5' : `${SIZE}`,
            ...(method === 'HEAD' && { 'upload-length': `${SIZE}` }),
          }
    const status = method === 'POST' ? 201 : 200
    return new Response(null, { status, headers: { ...good, [header]: text } })
  })
}

describe('an upload by tus', () => {
  it.each(['location', 'upload-offset', 'upload-length', 'upload-defer-length', 'retry-after'])(
    'ends or continues within its limits, whatever the response header %s is',
    async (header) => {
      const elsewhere = away()
      const cells = TEXTS.flatMap(([name, text], index) =>
        [false, true].map((isStored): Cell => {
          const path = `/${index}${isStored ? 's' : ''}`
          const route = serveTus(path, header, text)
          const stored = JSON.stringify({ '["tus","f"]': { location: `${path}/files/u`, untilMs: 9e15 } })
          const options = {
            protocol: tus(),
            headers,
            fingerprint: () => 'f',
            storage: storageOf(isStored ? stored : null),
          }
          const wire = fromUpload(`${path}/files`, file(), options)
          return { name: isStored ? `${name}, resumed` : name, wire, requests: route.requests, connections: route }
        }),
      )
      expect(await problemsOf(net, cells)).toEqual([])
      expect(elsewhere.requests).toEqual([])
    },
  )

  it('is not forgotten because its length does not parse', async () => {
    const cells = TEXTS.map(([name, text], index): Cell => {
      const path = `/${index}`
      const route = serveTus(path, 'upload-length', text)
      const wire = fromUpload(`${path}/files`, file(), {
        protocol: tus({ uploadUrl: `${path}/files/u` }),
        storage: false,
      })
      return { name, wire, requests: route.requests, connections: route, end: 'failed', named: 'Upload-Length' }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})

describe('the storage of an upload', () => {
  /** One complete upload for each stored item, whatever it is. */
  async function problemsAfter(rows: readonly (readonly [name: string, storage: UploadOptions['storage']])[]) {
    const cells = rows.map(([name, storage], index): Cell => {
      const server = net.upload(`/files${index}`)
      const options = { protocol: tus(), headers, storage, fingerprint: () => 'f' }
      const wire = fromUpload(`/files${index}`, file(), options)
      return { name, wire, requests: server.requests, connections: server, end: 'complete', maxPerMinute: 5 }
    })
    return problemsOf(net, cells)
  }
  const entry = (location: unknown, untilMs: unknown = 9e15) => JSON.stringify({ '["tus","f"]': { location, untilMs } })

  it('starts another upload if an entry has no URL of the server', async () => {
    const elsewhere = away()
    const locations = [...TEXTS.map(([, text]) => text), null, 7, -1, {}, [], true, '/gone', 'http://[', 'data:,a']
    const rows = locations.map((location) => [`${location}`.slice(0, 40), storageOf(entry(location))] as const)
    expect(await problemsAfter(rows)).toEqual([])
    expect(elsewhere.requests).toEqual([])
  })

  it('starts another upload if the item is not what the library has stored', async () => {
    const untils = [null, '', 'NaN', -1, {}, [], true].map((until) => entry('/gone', until))
    const items = [
      ...TEXTS.map(([, text]) => text),
      'null',
      '[]',
      '{',
      '7',
      '"a"',
      '{"[\\"tus\\",\\"f\\"]":null}',
      ...untils,
    ]
    expect(await problemsAfter(items.map((item) => [item.slice(0, 40), storageOf(item)] as const))).toEqual([])
  })

  it('starts another upload if a method returns another type or throws', async () => {
    const returning = WRONG_VALUES.filter(([name]) => name !== 'a rejected promise').map(
      ([name, make]) => [name, { getItem: make, setItem: make, removeItem: make }] as const,
    )
    const throwing = THROWING.map(([name, fail]) => [name, { getItem: fail, setItem: fail, removeItem: fail }] as const)
    expect(
      await problemsAfter([...returning, ...throwing] as readonly (readonly [string, UploadOptions['storage']])[]),
    ).toEqual([])
  })
})

/** An option of an upload that is a function, and the wire that uses it. */
const callbacks: readonly (readonly [
  option: string,
  open: (callback: () => never) => Partial<UploadOptions>,
  valid: readonly string[],
])[] = [
  ['fingerprint', (fingerprint) => ({ fingerprint }), ['undefined', 'null']],
  ['metadata', (metadata) => ({ protocol: tus({ metadata }) }), ['an object', 'an object without a prototype']],
  ['fileId', (fileId) => ({ protocol: offsetHeaders({ fileId }) }), []],
]

const protocolMethods = ['create', 'getOffset', 'append'] as const

/** A protocol that works without a network, except for one method. */
function protocolWith(name: string, method: () => unknown): UploadProtocol {
  const at = (offset: number) => ({ offset, response: { url: '', status: 200, headers: new Headers(), bodyText: '' } })
  return {
    name: 'mine',
    conflictStatuses: [],
    create: async () => ({ uploadUrl: 'u', at: at(0) }),
    getOffset: async () => at(0),
    append: async () => at(SIZE),
    [name]: method,
  } as UploadProtocol
}

describe.each(callbacks)('%s', (option, open, valid) => {
  const cellsOf = (
    rows: readonly (readonly [name: string, callback: () => unknown])[],
    isValid: (name: string) => boolean,
  ) =>
    rows.map(([name, callback], index): Cell => {
      const server = net.upload(`/files${index}`)
      const options = { protocol: tus(), storage: storageOf(null), ...open(callback as () => never) }
      const wire = fromUpload(`/files${index}`, file(), options)
      const cell = { name, wire, requests: server.requests, connections: server }
      return isValid(name) ? { ...cell, end: 'complete' } : { ...cell, end: 'failed', named: option }
    })

  it('is refused by name if its result has another type', async () => {
    const rows = WRONG_VALUES.filter(([name]) => !(option === 'fingerprint' && name === 'a promise that never settles'))
    expect(
      await problemsOf(
        net,
        cellsOf(rows, (name) => valid.includes(name)),
      ),
    ).toEqual([])
  })

  it('ends the wire with its name if it throws', async () => {
    expect(
      await problemsOf(
        net,
        cellsOf(THROWING, () => false),
      ),
    ).toEqual([])
  })
})

describe.each(protocolMethods)('%s of a protocol', (method) => {
  it('never finishes an upload with a result that is no position', async () => {
    const position = (offset: unknown) => ({ uploadUrl: 'u', offset, at: { offset, response: {} }, response: {} })
    const offsets = ['5', -1, 0.5, Number.NaN, Number('1e309'), undefined, null, {}, [], Symbol(SECRET)]
    const results = [...WRONG_VALUES.map(([name, make]) => [name, make] as const)]
      .filter(([name]) => name !== 'a promise that never settles')
      .concat(offsets.map((offset) => [`an offset ${String(offset)}`, () => position(offset)] as const))
    const isStored = method === 'getOffset'
    const cells = results.map(([name, make], index): Cell => {
      const route = net.route('*', `/files${index}`, () => undefined)
      const stored = JSON.stringify({ '["mine","f"]': { location: 'u', untilMs: 9e15 } })
      const options: UploadOptions = {
        protocol: protocolWith(method, make),
        storage: storageOf(isStored ? stored : null),
        fingerprint: () => 'f',
        reconnect: false,
      }
      const wire = fromUpload(`/files${index}`, file(), options)
      const cell = { name, wire, requests: route.requests, connections: route }
      // An upload that cannot be continued is created again.
      return isStored ? { ...cell, end: 'complete' } : { ...cell, end: 'failed', named: method }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})
