import { NEVER } from 'rxjs'
import { fromEventSource, type WireError, wireStore } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'

const { net, listen } = storesForEachTest()

/** The current outcome of a promise. */
function outcome(promise: Promise<void>): { of: unknown } {
  const outcome: { of: unknown } = { of: 'pending' }
  const settle = (of: unknown) => {
    outcome.of = of
  }
  promise.then(() => settle('loaded'), settle)
  return outcome
}

describe('wireStore: load', () => {
  it('opens the connection and waits for the first message', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { keep: 3 })
    const loading = outcome(store.load())
    await net.advance(FRAME_MS)
    expect(feed.attempts).toEqual([{ atMs: 0 }])
    expect(net.open).toBe(1)
    expect(store.isLoaded()).toBe(false)
    expect(loading.of).toBe('pending')
    feed.send('a')
    await net.advance(FRAME_MS)
    expect(loading.of).toBe('loaded')
    expect(store.isLoaded()).toBe(true)
    expect(store.getSnapshot().data).toEqual(['a'])
  })

  it('shares the connection with listeners and resolves at once if there is data', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { key: 'loads' })
    listen(store)
    const loadings = [outcome(store.load()), outcome(wireStore(feedSource, { key: 'loads' }).load())]
    feed.send('a')
    await net.advance(FRAME_MS)
    expect(loadings).toEqual([{ of: 'loaded' }, { of: 'loaded' }])
    const again = outcome(store.load())
    await net.advance()
    expect(again.of).toBe('loaded')
    expect(feed.attempts).toHaveLength(1)
  })

  it('keeps the connection for 5 s so that a listener can take it over', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    store.load()
    feed.send('a')
    await net.advance(2_000)
    feed.send('b')
    await net.advance(2_900)
    expect(net.open).toBe(1)
    const leave = listen(store)
    await net.advance(60_000)
    expect(net.open).toBe(1)
    leave()
    await net.advance()
    expect(net.open).toBe(0)
    store.load()
    await net.advance()
    expect(net.open).toBe(1)
    await net.advance(5_001)
    expect(net.open).toBe(0)
    expect(net.timers).toBe(0)
  })

  it('rejects if the wire fails or completes before the first message', async () => {
    net.log('/failing').answer(403)
    net.log('/ending').end()
    const failing = wireStore(fromEventSource('/failing'))
    const ending = wireStore(fromEventSource('/ending'))
    const [failed, ended] = [outcome(failing.load()), outcome(ending.load())]
    await net.advance(FRAME_MS)
    expect(failed.of).toMatchObject({ kind: 'http', status: 403 })
    expect(failed.of).toBe(failing.getSnapshot().error)
    expect(ended.of).toMatchObject({ kind: 'closed', message: expect.stringContaining('first message') })
  })

  it('keeps waiting while the wire retries and rejects after timeoutMs', async () => {
    const feed = net.log('/feed')
    feed.refuse()
    const store = wireStore(feedSource)
    const loading = outcome(store.load({ timeoutMs: 7_000 }))
    await net.advance(6_999)
    expect(loading.of).toBe('pending')
    expect(feed.attempts.length).toBeGreaterThan(2)
    await net.advance(1)
    expect(loading.of).toMatchObject({ kind: 'timeout', retryable: true, cause: { kind: 'network' } })
    expect(loading.of).toMatchObject({ message: expect.stringMatching(/7000 ms.*waiting/) })
    expect((loading.of as WireError).cause).toBe(store.getSnapshot().error)
    expect(outcome(store.load()).of).toBe('pending')
    await net.advance(32_000)
    expect(net.timers).toBe(0)
  })

  it('retries after a failure, but not before the failure could be shown', async () => {
    const feed = net.log('/feed')
    feed.answer(403, { times: 2 })
    const load = () => outcome(wireStore(feedSource, { key: 'again' }).load())
    const [first, second] = [load(), load()]
    await net.advance(900)
    expect(feed.attempts).toHaveLength(1)
    expect(first.of).toMatchObject({ status: 403 })
    expect(first.of).toBe(second.of)
    await net.advance(200)
    load()
    await net.advance(FRAME_MS)
    expect(feed.attempts).toHaveLength(2)
  })

  it.each(['with', 'without'])('retries after a failure of the same store %s listeners', async (listeners) => {
    const feed = net.log('/feed')
    feed.answer(403)
    const store = wireStore(feedSource)
    if (listeners === 'with') listen(store)
    const failed = outcome(store.load())
    await net.advance(2_000)
    expect(failed.of).toMatchObject({ kind: 'http' })
    const again = outcome(store.load())
    await net.advance(100)
    expect(feed.attempts).toHaveLength(2)
    expect(again.of).toBe('pending')
    feed.send('a')
    await net.advance(FRAME_MS)
    expect(again.of).toBe('loaded')
  })

  it('does not keep a store that fails after it was loaded', async () => {
    const feed = net.log('/feed')
    const options = { key: 'failed soon', lingerMs: 60_000 }
    const store = wireStore(feedSource, options)
    store.load()
    const leave = listen(store)
    feed.send('a')
    await net.advance(FRAME_MS)
    feed.answer(403)
    feed.cut()
    await net.advance(2_000)
    expect(store.getSnapshot().connection).toBe('failed')
    leave()
    await net.advance(1_000)
    expect(net.timers).toBe(0)
    expect(wireStore(feedSource, options).getSnapshot().connection).toBe('idle')
  })

  it('returns the same promise to all callers until the store reconnects', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    const first = store.load()
    feed.send('a')
    await net.advance(4_000)
    expect(store.load()).toBe(first)
    store.reconnect()
    const second = store.load()
    expect(second).not.toBe(first)
    await net.advance(2_000)
    expect(store.load()).toBe(second)
    expect(feed.attempts).toHaveLength(2)
  })

  it('has not loaded anything before it is called', () => {
    expect(wireStore(NEVER).isLoaded()).toBe(false)
  })

  it('throws a TypeError for an invalid timeoutMs', () => {
    expect(() => wireStore(NEVER).load({ timeoutMs: -1 })).toThrow(TypeError)
  })
})

describe('wireStore: dehydrate', () => {
  const foldings = [
    ['keep', { keep: 2 }, ['b', 'c'], ['c', 'd']],
    ['fold', { initial: '', fold: (all: string, each: string) => all + each }, 'abc', 'abcd'],
    ['the last message', {}, 'c', 'd'],
  ] as const

  it.each(foldings)('passes data and cursor to another store with %s', async (_, folding, handed, after) => {
    const options = folding as { keep: number }
    const feed = net.log('/feed')
    const store = wireStore(feedSource, options)
    store.load()
    for (const id of ['a', 'b', 'c']) feed.send(id, { id })
    await net.advance()
    // The next frame has not published them yet, but data and cursor must match.
    const dehydrated = JSON.parse(JSON.stringify(store.dehydrate()))
    expect(dehydrated).toEqual({ data: handed, cursor: 'c' })

    const hydrated = wireStore(feedSource, { ...options, dehydrated })
    expect(hydrated.getServerSnapshot()).toMatchObject({ connection: 'idle', data: handed, cursor: 'c' })
    expect(hydrated.getSnapshot()).toBe(hydrated.getServerSnapshot())
    expect(hydrated.isLoaded()).toBe(true)
    expect(hydrated.dehydrate()).toEqual(dehydrated)
    listen(hydrated)
    feed.send('d')
    await net.advance(FRAME_MS)
    expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: 0, cursor: 'c' }])
    expect(hydrated.getSnapshot().data).toEqual(after)
  })

  it('keeps the dehydrated data object until a message arrives', async () => {
    net.log('/feed')
    const data = ['a', 'b']
    const store = wireStore(feedSource, { keep: 2, dehydrated: { data, cursor: undefined } })
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open' })
    expect(store.getSnapshot().data).toBe(data)
  })

  it('has the initial data and no cursor before the first message', () => {
    expect(wireStore(NEVER, { keep: 2 }).dehydrate()).toEqual({ data: [], cursor: undefined })
  })
})
