import { tap } from 'rxjs'
import { fromEventSource, type WireStore, type WireStoreOptions, wireStore } from 'rxwire'
import type { FakeLog } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'

const { net, listen } = storesForEachTest()

/** A store with one listener. */
function start(options?: WireStoreOptions) {
  const feed = net.log('/feed')
  const store = wireStore(feedSource, options)
  return { feed, store, leave: listen(store) }
}

const states: [string, object, (feed: FakeLog) => void][] = [
  ['connecting', { connection: 'connecting' }, (feed) => feed.stall()],
  ['open', { connection: 'open' }, () => {}],
  ['waiting', { connection: 'waiting', error: { kind: 'network' } }, (feed) => feed.refuse()],
  ['paused', { connection: 'waiting', error: undefined }, () => net.offline()],
]

describe('wireStore: stop', () => {
  it.each(states)('keeps the connection closed despite listeners when stopped while %s', async (_, state, reach) => {
    const { feed, store, leave } = start()
    reach(feed)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject(state)
    store.stop()
    expect(net.open).toBe(0)
    net.online()
    net.offline()
    net.online()
    listen(store)
    leave()
    await net.advance(600_000)
    net.offline()
    net.online()
    await net.advance(600_000)
    expect(feed.attempts).toHaveLength(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
  })

  it('stays stopped for a listener that subscribes after the last one has unsubscribed', async () => {
    const { feed, store, leave } = start()
    await net.advance()
    store.stop()
    leave()
    await net.advance()
    listen(store)
    await net.advance(100_000)
    expect(feed.attempts).toHaveLength(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
    feed.stall()
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(feed.attempts).toHaveLength(2)
    expect(store.getSnapshot()).toMatchObject({ connection: 'connecting', close: undefined })
  })

  it('does not apply to another store of the key that connects after lingerMs', async () => {
    const options = { key: 'stopped', lingerMs: 5_000 }
    const { feed, store, leave } = start(options)
    const come = () => listen(wireStore(feedSource, options))
    await net.advance()
    store.stop()
    leave()
    await net.advance(4_999)
    const leaveAgain = come()
    await net.advance(100_000)
    expect(feed.attempts).toHaveLength(1)
    leaveAgain()
    await net.advance(5_000)
    come()
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
  })
})

describe('wireStore: calls during the first event', () => {
  /** A store that runs `tell` during the first `connecting` event. */
  function startTelling(tell: (store: WireStore<string | undefined>) => void) {
    const feed = net.log('/feed')
    const untold = [tell]
    const source = vi.fn(() => fromEventSource('/feed').pipe(tap(() => untold.pop()?.(store))))
    const store: WireStore<string | undefined> = wireStore(source)
    return { feed, source, store, leave: listen(store) }
  }

  it('closes the connection on stop', async () => {
    const { feed, source, store } = startTelling((store) => store.stop())
    await net.advance(FRAME_MS)
    expect(source).toHaveBeenCalledOnce()
    expect(feed.attempts).toEqual([])
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
  })

  it('connects again on reconnect and keeps one connection', async () => {
    const { feed, source, leave } = startTelling((store) => store.reconnect())
    await net.advance()
    expect(source).toHaveBeenCalledTimes(2)
    expect(feed.attempts).toHaveLength(1)
    expect(net.open).toBe(1)
    leave()
    await net.advance()
    expect(net.open).toBe(0)
  })
})
