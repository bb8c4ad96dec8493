import { fromEventSource, fromWebSocket, type HttpError, reconnecting, type Wire } from 'rxwire'
import { type AcrossTabsOptions, acrossTabs } from 'rxwire/tabs'
import { type RouteHandler, recordWire, type WireRecord } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { acrossTabsOf } from '../../../adapters/tabs/across-tabs.ts'
import { FakeBrowser, type FakePage } from '../support/fake-browser.ts'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()
const KEY = 'ticks:tenant-1/ada'

type Options = Partial<AcrossTabsOptions<string>>

function share(
  page: FakePage,
  open: (start: { resumeFrom: string | undefined }) => Wire<string>,
  options: Options = {},
) {
  return recordWire(acrossTabsOf(page, open, { key: KEY, ...options }))
}

/** Opens tabs that read a log. */
async function read(browser: FakeBrowser, count: number, options?: Options): Promise<WireRecord<string>[]> {
  const records: WireRecord<string>[] = []
  for (let tab = 0; tab < count; tab += 1) {
    const page = browser.open()
    const { fetch } = page.implementations
    records.push(share(page, (start) => page.hangable(fromEventSource('/ticks', { fetch, ...start })), options))
    await net.advance(10)
  }
  return records
}

const datasOf = (records: readonly WireRecord<string>[]) => records.map(({ data }) => data)
const continuities = ({ events }: WireRecord<string>) =>
  events.flatMap((event) => (event.type === 'open' ? [event.continuity] : []))

describe('a shared wire', () => {
  it('delivers the kept messages to a new tab, then those that follow', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 1)
    for (const data of ['a', 'b']) log.send(data)
    await net.advance(100)
    records.push(...(await read(browser, 2)))
    log.send('c')
    await net.advance(100)
    expect(datasOf(records)).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    expect(log.attempts).toHaveLength(1)
  })

  it('opens a connection for a tab that needs older messages than the kept ones, until it has caught up', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 1, { history: 3 })
    for (const data of ['a', 'b', 'c', 'd', 'e']) log.send(data)
    await net.advance(100)
    records.push(...(await read(browser, 1, { history: 3 })))
    expect(net.open).toBe(2)
    log.send('f')
    await net.advance(5_000)
    expect(net.open).toBe(1)
    log.send('g')
    await net.advance(100)
    expect(datasOf(records)).toEqual([[...'abcdefg'], [...'abcdefg']])
  })

  it('joins a quiet leader whose first messages are no longer kept', async () => {
    const log = net.log('/ticks', { start: 'now' })
    const browser = new FakeBrowser(net)
    const records = await read(browser, 1, { history: 1 })
    for (const data of ['a', 'b', 'c']) log.send(data)
    await net.advance(100)
    records.push(...(await read(browser, 1, { history: 1 })))
    expect(net.open).toBe(2)
    await net.advance(20_000)
    expect(net.open).toBe(1)
    log.send('d')
    await net.advance(100)
    expect(datasOf(records)).toEqual([[...'abcd'], ['d']])
    expect(records.flatMap(continuities)).not.toContain('gap')
  })

  it('skips what it has delivered already when a tab takes over that is behind', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 3)
    log.send('a')
    await net.advance(100)
    Object.assign(browser.pages[1] ?? {}, { latencyMs: 5_000 })
    for (const data of ['b', 'c']) log.send(data)
    await net.advance(100)
    expect(datasOf(records)).toEqual([['a', 'b', 'c'], ['a'], ['a', 'b', 'c']])
    log.stall()
    browser.pages[0]?.kill()
    await net.advance(20_000)
    log.restore()
    await net.advance(60_000)
    log.send('d')
    await net.advance(10_000)
    expect(datasOf(records.slice(1))).toEqual([[...'abcd'], [...'abcd']])
    expect(records.flatMap(continuities)).not.toContain('gap')
  })

  it('reports a gap if the server does not send the last message of a tab that is ahead', async () => {
    const log = net.log('/ticks')
    // A server that has lost its messages after 'a'.
    const bodies: ReadableStreamDefaultController[] = []
    net.route('GET', '/lost', () => {
      const body = new ReadableStream({ start: (controller) => void bodies.push(controller) })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    })
    const browser = new FakeBrowser(net)
    const records: WireRecord<string>[] = []
    for (const url of ['/ticks', '/lost', '/lost']) {
      const page = browser.open()
      const { fetch } = page.implementations
      records.push(share(page, (start) => fromEventSource(url, { fetch, ...start })))
      await net.advance(10)
    }
    log.send('a')
    await net.advance(100)
    Object.assign(browser.pages[1] ?? {}, { latencyMs: 1_000 })
    for (const data of ['b', 'c']) log.send(data)
    await net.advance(100)
    browser.pages[0]?.kill()
    await net.advance(20_000)
    for (const data of 'xyz') {
      for (const body of bodies) body.enqueue(new TextEncoder().encode(`id: ${data}\ndata: ${data}\n\n`))
    }
    await net.advance(20_000)
    expect(bodies).toHaveLength(1)
    expect(datasOf(records.slice(1))).toEqual([[...'axyz'], [...'abcz']])
    expect(records.slice(1).map((record) => continuities(record).includes('gap'))).toEqual([false, true])
  })

  it('asks for what is missing when a frame was lost', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 2)
    log.send('a')
    await net.advance(100)
    Object.assign(browser.pages[1] ?? {}, { isDeaf: true })
    log.send('b')
    await net.advance(100)
    Object.assign(browser.pages[1] ?? {}, { isDeaf: false })
    log.send('c')
    await net.advance(100)
    expect(datasOf(records)).toEqual([[...'abc'], [...'abc']])
    expect(log.attempts).toHaveLength(1)
  })

  it('opens a connection of its own while the leader hangs, if the tab is visible', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 3)
    log.send('a')
    await net.advance(100)
    const [leader, , hidden] = browser.pages
    leader?.hang()
    Object.assign(hidden ?? {}, { isHiddenNow: true })
    log.send('b')
    await net.advance(20_000)
    expect(datasOf(records.slice(1))).toEqual([['a', 'b'], ['a']])
    leader?.thaw()
    log.send('c')
    await net.advance(10_000)
    expect(datasOf(records.slice(1))).toEqual([[...'abc'], [...'abc']])
    expect(net.open).toBe(1)
  })

  it('shows the state of the connection in all tabs', async () => {
    const log = net.log('/ticks')
    const records = await read(new FakeBrowser(net), 3)
    log.refuse()
    log.cut()
    await net.advance(100)
    for (const { events } of records)
      expect(events.at(-1)).toMatchObject({ type: 'waiting', cause: { kind: 'network' } })
    log.restore()
    await net.advance(60_000)
    for (const { events } of records) expect(events.at(-1)).toMatchObject({ type: 'open' })
  })

  it('ignores tabs with another version, which share a connection of their own', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = [...(await read(browser, 2)), ...(await read(browser, 2, { version: '2' }))]
    log.send('a')
    await net.advance(100)
    expect(datasOf(records)).toEqual([['a'], ['a'], ['a'], ['a']])
    expect(log.attempts).toHaveLength(2)
  })

  it('ignores frames that it does not know', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 2)
    const [name = ''] = browser.channels.keys()
    const stranger = browser.open().openChannel(name, () => {})
    const head = { protocol: '1/', from: 'stranger', term: 99, seq: 7 }
    const frames = [null, 'news', { ...head, protocol: '2/', type: 'news', events: [{ type: 'message', data: 'x' }] }]
    for (const type of ['news', 'lead', 'answer', 'later'])
      frames.push({ ...head, type, seq: 'x', events: [] } as never)
    for (const frame of frames) stranger.post(frame)
    log.send('a')
    await net.advance(100)
    expect(datasOf(records)).toEqual([['a'], ['a']])
    expect([...browser.storage.values()]).toEqual([1])
  })

  it('raises its term above those of tabs that remember more than the storage', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const records = await read(browser, 3)
    log.send('a')
    await net.advance(100)
    browser.storage.clear()
    records[0]?.unsubscribe()
    await net.advance(100)
    log.send('b')
    await net.advance(3_000)
    expect(datasOf(records)).toEqual([['a'], ['a', 'b'], ['a', 'b']])
    expect([...browser.storage.values()]).toEqual([2])
  })

  it('has a connection in each tab if the page has no locks or no channel', async () => {
    const log = net.log('/ticks')
    const browser = new FakeBrowser(net)
    const refuse = () => {
      throw new Error('not allowed')
    }
    const without = [{ lock: async () => refuse() }, { openChannel: refuse }, { lock: async () => refuse() }]
    const records = without.map((missing) => {
      const page: FakePage = Object.assign(browser.open(), missing)
      return share(page, (start) => fromEventSource('/ticks', { fetch: page.implementations.fetch, ...start }))
    })
    await net.advance(100)
    log.send('a')
    await net.advance(100)
    expect(datasOf(records)).toEqual([['a'], ['a'], ['a']])
    expect(log.attempts).toHaveLength(3)
  })

  it('hands over to a visible tab when its own is hidden, before other hidden tabs', async () => {
    net.log('/ticks')
    const browser = new FakeBrowser(net)
    await read(browser, 3)
    const [first, second, third] = browser.pages
    Object.assign(first ?? {}, { isHiddenNow: true })
    Object.assign(second ?? {}, { isHiddenNow: true })
    await net.advance(5_000)
    expect(browser.leaders).toEqual([third])
    await net.advance(60_000)
    expect(browser.storage.values().next().value).toBe(2)
  })

  it('keeps a hidden leader with prefer: `any`', async () => {
    net.log('/ticks')
    const browser = new FakeBrowser(net)
    await read(browser, 2, { prefer: 'any' })
    const [first] = browser.pages
    Object.assign(first ?? {}, { isHiddenNow: true })
    await net.advance(60_000)
    expect(browser.leaders).toEqual([first])
  })

  it('fails in every tab with a message that cannot be cloned, and names it', async () => {
    const page = new FakeBrowser(net).open()
    const record = recordWire(
      acrossTabsOf(page, () => reconnecting<unknown>((attempt) => attempt.message(() => {}, '7', 'tick')), {
        key: KEY,
      }),
    )
    await net.advance(100)
    expect(record.error).toMatchObject({
      kind: 'decode',
      messageId: '7',
      message: expect.stringContaining('"tick" (id "7")'),
    })
  })

  it('reports a gap when the connection of messages without ids moves to another tab', async () => {
    const log = net.log('/ticks', { start: 'now' })
    const browser = new FakeBrowser(net)
    const records = [browser.open(), browser.open()].map((page) =>
      share(page, () => fromWebSocket('/ticks', { WebSocket: page.implementations.WebSocket, decode: String })),
    )
    await net.advance(100)
    log.send('a')
    await net.advance(100)
    browser.pages[0]?.kill()
    await net.advance(100)
    log.send('b')
    await net.advance(100)
    expect(records[1]?.data).toEqual(['a', 'b'])
    expect(records.map(continuities)).toEqual([[undefined], [undefined, 'gap']])
  })

  it('completes in all tabs when the server ends it', async () => {
    const log = net.log('/ticks')
    const records = await read(new FakeBrowser(net), 3)
    log.end()
    await net.advance(60_000)
    for (const record of records) expect(record.isComplete).toBe(true)
    expect(log.attempts).toHaveLength(2)
  })

  it('fails in all tabs with a final error of the server', async () => {
    const log = net.log('/ticks')
    const records = await read(new FakeBrowser(net), 3)
    const refusal = net.route('GET', '/ticks', () => new Response('', { status: 404 }))
    log.cut()
    await net.advance(60_000)
    for (const { error } of records) expect((error as HttpError).status).toBe(404)
    expect(refusal.requests).toHaveLength(1)
  })
})

describe('a shared wire whose credentials are refused', () => {
  function openTabs(tokens: readonly string[]) {
    const seen: (string | null)[] = []
    const stream = async function* () {
      yield 'id: 1\ndata: a\n\n'
      await new Promise(() => {})
    }
    const serve: RouteHandler = ({ headers }) => {
      seen.push(headers.get('authorization'))
      return headers.get('authorization') === 'good' ? stream() : new Response('', { status: 401 })
    }
    net.route('GET', '/ticks', serve, { contentType: 'text/event-stream' })
    const browser = new FakeBrowser(net)
    const records = tokens.map((authorization) => {
      const page = browser.open()
      const { fetch } = page.implementations
      return share(page, (start) => fromEventSource('/ticks', { fetch, headers: { authorization }, ...start }))
    })
    return { records, seen, browser }
  }

  it('lets the next tab connect', async () => {
    const { records, browser } = openTabs(['old', 'older', 'good'])
    await net.advance(10_000)
    expect(browser.leaders).toEqual([browser.pages[2]])
    expect(datasOf(records)).toEqual([['a'], ['a'], ['a']])
    expect(records[0]?.events).toContainEqual(
      expect.objectContaining({ type: 'waiting', cause: expect.objectContaining({ kind: 'auth' }) }),
    )
  })

  it('fails when those of all tabs are refused', async () => {
    const { records, seen } = openTabs(['old', 'older', 'oldest'])
    await net.advance(10_000)
    for (const { error } of records) expect(error).toMatchObject({ kind: 'auth' })
    // Each tab has asked for fresh credentials once.
    expect(seen).toEqual(['old', 'old', 'older', 'older', 'oldest', 'oldest'])
  })
})

describe('acrossTabs', () => {
  it.each([
    [{ key: '' }, 'key'],
    [{ key: 'a', prefer: 'newest' }, 'prefer'],
    [{ key: 'a', history: -1 }, 'history'],
  ])('rejects %j', (options, name) => {
    expect(() => acrossTabs(() => fromEventSource('/ticks'), options as never)).toThrow(name)
  })
})
