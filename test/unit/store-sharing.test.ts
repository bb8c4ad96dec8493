import { wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'

const { net, listen } = storesForEachTest()

describe('wireStore: sharing', () => {
  it('opens a separate connection for each store without a key', async () => {
    const feed = net.log('/feed')
    listen(wireStore(feedSource))
    listen(wireStore(feedSource))
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
  })

  it('shares one connection and one state among all stores of a key', async () => {
    const feed = net.log('/feed')
    const [one, other] = [wireStore(feedSource, { key: 'a', keep: 2 }), wireStore(feedSource, { key: 'a', keep: 2 })]
    const [tellOne, tellOther] = [vi.fn(), vi.fn()]
    listen(one, tellOne)
    listen(other, tellOther)
    feed.send('x')
    await net.advance(FRAME_MS)
    expect(feed.attempts).toHaveLength(1)
    expect(tellOne).toHaveBeenCalledTimes(1)
    expect(tellOther).toHaveBeenCalledTimes(1)
    expect(one.getSnapshot()).toBe(other.getSnapshot())
    expect(one.getSnapshot().data).toEqual(['x'])
  })

  it('opens a separate connection for each key', async () => {
    const feed = net.log('/feed')
    listen(wireStore(feedSource, { key: 'b' }))
    listen(wireStore(feedSource, { key: 'c' }))
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
  })

  it('shows the current state to a late store before the next event', async () => {
    net.log('/feed').send('x')
    listen(wireStore(feedSource, { key: 'd', keep: 2 }))
    await net.advance(FRAME_MS)
    const late = wireStore(feedSource, { key: 'd', keep: 2 })
    expect(late.getSnapshot()).toMatchObject({ connection: 'open', data: ['x'] })
    listen(late)
    expect(late.getSnapshot()).toMatchObject({ connection: 'open', data: ['x'] })
  })

  it('uses the options of the store that opened the connection', async () => {
    const feed = net.log('/feed')
    listen(wireStore(feedSource, { key: 'e', keep: 1 }))
    const other = wireStore(feedSource, { key: 'e', keep: 9 })
    listen(other)
    for (const each of ['x', 'y']) feed.send(each)
    await net.advance(FRAME_MS)
    expect(other.getSnapshot().data).toEqual(['y'])
  })

  it('lets any store of a key stop and reconnect for all', async () => {
    const feed = net.log('/feed')
    const [one, other] = [wireStore(feedSource, { key: 'f' }), wireStore(feedSource, { key: 'f' })]
    listen(one)
    await net.advance()
    other.stop()
    expect(net.open).toBe(0)
    other.reconnect()
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
  })

  it('closes the connection one macrotask after the last listener unsubscribes', async () => {
    net.log('/feed')
    const come = () => listen(wireStore(feedSource, { key: 'g' }))
    const [leaveOne, leaveOther] = [come(), come()]
    leaveOne()
    await net.advance(10_000)
    expect(net.open).toBe(1)
    leaveOther()
    expect(net.open).toBe(1)
    await net.advance()
    expect(net.open).toBe(0)
  })

  it('keeps the connection if a listener unsubscribes and subscribes again at once', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    const leave = listen(store)
    feed.send('x')
    await net.advance()
    leave()
    listen(store)
    await net.advance(FRAME_MS)
    expect(feed.attempts).toHaveLength(1)
    expect(net.open).toBe(1)
    expect(store.getSnapshot().data).toBe('x')
  })

  it('keeps the connection for lingerMs after the last listener', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { lingerMs: 5_000 })
    listen(store)()
    await net.advance(4_000)
    const leave = listen(store)
    await net.advance(100_000)
    expect(net.open).toBe(1)
    leave()
    await net.advance(4_999)
    expect(net.open).toBe(1)
    feed.send('while lingering')
    await net.advance(1)
    expect(net.open).toBe(0)
  })

  it('does not extend lingerMs when a listener is removed a second time', async () => {
    net.log('/feed')
    const leave = listen(wireStore(feedSource, { lingerMs: 5_000 }))
    leave()
    await net.advance(4_000)
    expect(net.open).toBe(1)
    leave()
    await net.advance(1_000)
    expect(net.open).toBe(0)
  })

  it('releases a failed connection at once and retries for the next listener', async () => {
    const feed = net.log('/feed')
    const options = { key: 'failed', lingerMs: 5_000 }
    const come = () => listen(wireStore(feedSource, options))
    feed.answer(403)
    const leaveFailed = come()
    await net.advance()
    leaveFailed()
    await net.advance()
    come()()
    // The same holds for a failure during lingerMs.
    await net.advance(1_000)
    expect(feed.attempts).toHaveLength(2)
    feed.answer(403)
    feed.cut()
    await net.advance(2_000)
    expect(feed.attempts).toHaveLength(3)
    come()
    await net.advance()
    expect(feed.attempts).toHaveLength(4)
  })

  it('keeps its data without listeners and resumes from its cursor for the next listener', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { keep: 2 })
    const leave = listen(store)
    feed.send('x', { id: '7' })
    await net.advance()
    feed.cut()
    await net.advance()
    // No frame runs in between: messages that were not published yet are kept, too.
    leave()
    await net.advance(10_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', attempt: 0, retryAt: undefined, data: ['x'] })
    listen(store)
    feed.send('y')
    await net.advance(FRAME_MS)
    expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: 10_000, cursor: '7' }])
    expect(store.getSnapshot().data).toEqual(['x', 'y'])
  })

  it('starts over for another store of a key without listeners', async () => {
    const feed = net.log('/feed', { start: 'now' })
    const left = wireStore(feedSource, { key: 'h', keep: 2 })
    const leave = listen(left)
    await net.advance()
    feed.send('x', { id: '7' })
    await net.advance()
    leave()
    await net.advance(10_000)
    const store = wireStore(feedSource, { key: 'h', keep: 2 })
    expect(store.getSnapshot()).toBe(store.getServerSnapshot())
    listen(store)
    await net.advance()
    feed.send('y')
    await net.advance(FRAME_MS)
    // A store that returns to its key joins the current connection.
    listen(left)
    expect(left.getSnapshot().data).toEqual(['y'])
    await net.advance()
    expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: 10_000 }])
  })

  it('stays closed after completion and retries after a failure', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    const visit = async () => {
      const leave = listen(store)
      await net.advance()
      leave()
      await net.advance(10_000)
    }
    feed.answer(403)
    await visit()
    expect(store.getSnapshot().connection).toBe('failed')
    feed.answer(204)
    await visit()
    expect(feed.attempts).toHaveLength(2)
    await visit()
    expect(feed.attempts).toHaveLength(2)
    expect(store.getSnapshot().connection).toBe('closed')
  })

  it('leaves no timer behind if its listener unsubscribes before the frame', async () => {
    net.log('/feed').send('x')
    const listener = vi.fn()
    const leave = listen(wireStore(feedSource), listener)
    await net.advance()
    leave()
    await net.advance()
    expect(net.timers).toBe(0)
    await net.advance(1_000)
    expect(listener).not.toHaveBeenCalled()
  })
})
