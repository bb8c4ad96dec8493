import type { WireEvent } from 'rxwire'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { openTabs, type Tab, type Tabs } from './tabs.ts'

let tabs: Tabs

beforeAll(async () => {
  tabs = await openTabs()
})
afterAll(() => tabs.close())

/** Opens a tab and subscribes to a wire in it. */
async function connect(wire: string): Promise<{ tab: Tab; seen: () => Promise<WireEvent<string>[]> }> {
  const tab = await tabs.open()
  await tab.run(
    `seen = []; error = undefined; void ${wire}.subscribe({ next: (event) => seen.push(event), error: (e) => { error = e } })`,
  )
  const seen = async () => {
    expect(await tab.run('String(error)')).toBe('undefined')
    return tab.run<WireEvent<string>[]>('seen')
  }
  return { tab, seen }
}

const messagesOf = (events: readonly WireEvent<string>[]) =>
  events.flatMap((event) => (event.type === 'message' ? [event] : []))
/** The number in the id of a message. That of a log has its epoch before it. */
const numberIn = (id = '') => Number(id.split('_').at(-1))
const numbersOf = (events: readonly WireEvent<string>[]) => messagesOf(events).map(({ id }) => numberIn(id))
const failures = (events: readonly WireEvent<string>[]) =>
  events.filter((event) => 'attempt' in event && event.attempt > 0)

/** Expects consecutive numbers, without a gap or a repetition. */
function expectWhole(numbers: readonly number[]) {
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
}

const ticks = (server: Backend, options = '') => `rxwire.fromEventSource('${server.url('/sse/ticks')}', { ${options} })`
const socket = (server: Backend) =>
  `rxwire.fromWebSocket('${server.url('/ws/heartbeat', { everyMs: 200, count: 100_000 })}', {
    decode: String,
  })`

describe('a page in Chromium that is left and restored', () => {
  it('closes its event stream and resumes it after the last id', async () => {
    const server = backend()
    const { tab, seen } = await connect(ticks(server))
    await expect.poll(async () => messagesOf(await seen()).length).toBeGreaterThan(0)
    await tab.leave()
    await server.expectNoConnections()
    await tab.back()
    const before = numbersOf(await seen()).at(-1) ?? 0
    await expect.poll(async () => numbersOf(await seen()).at(-1)).toBeGreaterThan(before)
    expectWhole(numbersOf(await seen()))
    expect(failures(await seen())).toEqual([])
    const { seen: requests } = await server.stats()
    expect(requests.map(({ lastEventId }) => lastEventId && numberIn(lastEventId))).toEqual([undefined, before])
  })

  it('closes its socket and opens a new one', async () => {
    const server = backend()
    const { tab, seen } = await connect(socket(server))
    await expect.poll(async () => messagesOf(await seen()).length).toBeGreaterThan(0)
    await tab.leave()
    await server.expectNoConnections()
    await tab.back()
    await expect.poll(async () => (await seen()).filter(({ type }) => type === 'open').length).toBe(2)
    expect((await seen()).filter(({ type }) => type === 'waiting')).toContainEqual({
      type: 'waiting',
      attempt: 0,
      delayMs: expect.any(Number),
      cause: 'hidden',
    })
    expect(failures(await seen())).toEqual([])
    expect((await server.stats()).closes[0]).toMatchObject({ code: 1000 })
  })

  it('polls immediately', async () => {
    const server = backend()
    const { tab, seen } = await connect(`rxwire.fromPoll('${server.url('/poll/state')}', { everyMs: 600_000 })`)
    await expect.poll(async () => messagesOf(await seen()).length).toBe(1)
    await tab.leave()
    await tab.back()
    await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
    expect(failures(await seen())).toEqual([])
  })
})

describe('a page in Chromium that is frozen', () => {
  async function freeze({ tab, seen }: Awaited<ReturnType<typeof connect>>, server: Backend) {
    await expect.poll(async () => messagesOf(await seen()).length).toBeGreaterThan(0)
    await tabs.open()
    await tab.freeze(true)
    await server.expectNoConnections()
    await tab.freeze(false)
    await tab.toFront()
  }

  it('resumes its event stream after the last id', async () => {
    const server = backend()
    const { tab, seen } = await connect(ticks(server))
    await freeze({ tab, seen }, server)
    const before = numbersOf(await seen()).at(-1) ?? 0
    await expect.poll(async () => numbersOf(await seen()).at(-1)).toBeGreaterThan(before + 3)
    expectWhole(numbersOf(await seen()))
    expect(failures(await seen())).toEqual([])
    expect((await server.stats()).seen).toHaveLength(2)
  })

  it('opens a new socket without counting a failure', async () => {
    const server = backend()
    const { tab, seen } = await connect(socket(server))
    await freeze({ tab, seen }, server)
    await expect.poll(async () => (await seen()).filter(({ type }) => type === 'open').length).toBe(2)
    expect(failures(await seen())).toEqual([])
  })
})

describe('a page in Chromium that is hidden', () => {
  it('keeps its open connection', async () => {
    const server = backend()
    const { seen } = await connect(ticks(server, "reconnect: { whileHidden: 'wait' }"))
    await tabs.open()
    const { length } = messagesOf(await seen())
    await expect.poll(async () => messagesOf(await seen()).length).toBeGreaterThan(length)
    expect((await server.stats()).seen).toHaveLength(1)
  })

  it('reconnects only when it is shown with whileHidden: `wait`, and loses no message', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const { tab, seen } = await connect(ticks({ ...server, url: proxy.url }, "reconnect: { whileHidden: 'wait' }"))
    await expect.poll(async () => messagesOf(await seen()).length).toBeGreaterThan(0)
    await tabs.open()
    await expect.poll(() => tab.run('document.visibilityState')).toBe('hidden')
    await proxy.order({ cut: true })
    await expect.poll(async () => (await seen()).at(-1)).toMatchObject({ type: 'waiting', cause: 'hidden' })
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect((await seen()).at(-1)).toMatchObject({ type: 'waiting', cause: 'hidden' })
    await tab.toFront()
    await expect.poll(async () => (await seen()).at(-1)?.type).toBe('message')
    expectWhole(numbersOf(await seen()))
  })
})

describe('a hidden page in Chromium with a store', () => {
  it('folds every message, notifies rarely while hidden, and is up to date when it is shown', async () => {
    const server = backend()
    const tab = await tabs.open()
    const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 5 })
    await tab.run(`
      folds = 0; told = { visible: 0, hidden: 0 }; behind = [];
      store = rxwire.wireStore(() => rxwire.fromEventSource('${url}', { decode: Number }), {
        initial: 0,
        fold: (last, n) => { folds += 1; return n === last + 1 ? n : NaN },
      });
      void store.subscribe(() => {
        told[document.visibilityState] += 1;
        behind.push(folds - store.getSnapshot().data);
      })`)
    const told = () => tab.run<{ visible: number; hidden: number }>('told')
    await expect.poll(async () => (await told()).visible).toBeGreaterThan(0)
    await tabs.open()
    await expect.poll(() => tab.run('document.visibilityState')).toBe('hidden')
    const folds = await tab.run<number>('folds')
    await expect.poll(() => tab.run<number>('folds')).toBeGreaterThan(folds + 200)
    const { hidden } = await told()
    expect(hidden).toBeLessThan(100)
    await tab.run('behind = []')
    await tab.toFront()
    await expect.poll(() => tab.run<number>('behind.length')).toBeGreaterThan(0)
    // Every notification shows all received messages. Nothing is queued.
    expect(new Set(await tab.run<number[]>('behind'))).toEqual(new Set([0]))
  })
})

describe('a page in Chromium that is offline', () => {
  it('waits and resumes after the last id when the network is back', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const { tab, seen } = await connect(ticks({ ...server, url: proxy.url }))
    await expect.poll(async () => messagesOf(await seen()).length).toBeGreaterThan(0)
    await tab.goOffline(true)
    await proxy.order({ cut: true })
    await expect.poll(async () => (await seen()).at(-1)).toMatchObject({ type: 'waiting', cause: 'offline' })
    await tab.goOffline(false)
    await expect.poll(async () => (await seen()).at(-1)?.type).toBe('message')
    expectWhole(numbersOf(await seen()))
  })
})
