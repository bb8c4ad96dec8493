import { EMPTY, NEVER, of, throwError } from 'rxjs'
import { fromEventSource, type Wire, WireError, wireStore } from 'rxwire'
import type { FakeLog } from 'rxwire/testing'
import { describe, expect, it, vi } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'
import { WireSubject } from './support/wire-subject.ts'

// On a page, each connection has a timer that detects a sleep.
const { net, listen } = storesForEachTest({ page: false })

describe('wireStore', () => {
  it('does not connect without a listener', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', data: undefined })
    store.reconnect()
    store.stop()
    await net.advance()
    expect(feed.attempts).toEqual([])
    listen(store)
    await net.advance()
    expect(feed.attempts).toHaveLength(1)
  })

  it('calls a listener once for all events within a frame', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { keep: 10 })
    const listener = vi.fn()
    listen(store, listener)
    for (const each of ['a', 'b', 'c']) feed.send(each)
    await net.advance(FRAME_MS - 1)
    expect(listener).not.toHaveBeenCalled()
    expect(store.getSnapshot().connection).toBe('idle')
    await net.advance(1)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b', 'c'] })
  })

  it('calls a listener at most once per frame and loses no message', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { initial: 0, fold: (sum, each) => sum + Number(each) })
    const listener = vi.fn()
    listen(store, listener)
    for (let ms = 0; ms < 160; ms++) {
      feed.send(1)
      await net.advance(1)
    }
    await net.advance(FRAME_MS)
    expect(listener.mock.calls.length).toBeLessThanOrEqual(11)
    expect(store.getSnapshot().data).toBe(160)
    expect(net.timers).toBe(0)
  })

  it('returns the same snapshot until something changes', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { keep: 3 })
    expect(store.getSnapshot()).toBe(store.getSnapshot())
    listen(store)
    feed.send('a')
    await net.advance(FRAME_MS)
    const shown = store.getSnapshot()
    await net.advance(1_000)
    expect(store.getSnapshot()).toBe(shown)
    expect(store.getSnapshot().data).toBe(shown.data)
    feed.send('b')
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).not.toBe(shown)
    expect(shown.data).toEqual(['a'])
  })

  it('returns an idle server snapshot even while connected', async () => {
    net.log('/feed')
    const store = wireStore(feedSource, { keep: 3 })
    const idle = store.getServerSnapshot()
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().connection).toBe('open')
    expect(store.getServerSnapshot()).toBe(idle)
    expect(idle).toMatchObject({ connection: 'idle', data: [] })
  })

  it('does not call a listener that has unsubscribed', async () => {
    net.log('/feed').send('a')
    const store = wireStore(feedSource)
    const [one, other] = [vi.fn(), vi.fn()]
    const leave = listen(store, one)
    listen(store, other)
    await net.advance()
    leave()
    await net.advance(FRAME_MS)
    expect(one).not.toHaveBeenCalled()
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('counts a listener that subscribes twice as two', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    const listener = vi.fn()
    const leaveOne = listen(store, listener)
    listen(store, listener)
    leaveOne()
    leaveOne()
    await net.advance(10_000)
    expect(net.open).toBe(1)
    expect(listener).toHaveBeenCalledTimes(1)
    feed.send('a')
    await net.advance(FRAME_MS)
    expect(listener).toHaveBeenCalledTimes(2)
  })

  it('shows a failure and keeps the data', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    listen(store)
    wire.messages('a')
    const error = new WireError('http', 'refused')
    wire.error(error)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', data: 'a' })
    expect(store.getSnapshot().error).toBe(error)
  })

  it('wraps an error that is not a WireError', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    listen(store)
    const bug = new RangeError('a bug')
    wire.error(bug)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().error).toMatchObject({ name: 'WireError', kind: 'network', cause: bug })
  })

  it('fails for a wire that emits values which are not events', async () => {
    const store = wireStore(of('a', 'b') as unknown as Wire<string>)
    listen(store)
    await net.advance(FRAME_MS)
    const cause = new TypeError('A fold needs the events of a wire, got string. Apply messages() once, and last')
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { name: 'WireError', cause } })
  })

  it('shows a failure if the source throws and calls the source again for the next listener', async () => {
    const bug = new Error('no token')
    const source = vi
      .fn(() => NEVER as Wire<string>)
      .mockImplementationOnce(() => {
        throw bug
      })
    const store = wireStore(source, { key: 'throws at first' })
    const leave = listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { name: 'WireError', cause: bug } })
    leave()
    await net.advance(10_000)
    listen(store)
    expect(source).toHaveBeenCalledTimes(2)
  })

  it('resumes from the last cursor on reconnect after a failure', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { keep: 5 })
    listen(store)
    feed.send('a', { id: '1' })
    await net.advance()
    feed.write('data: b\n\n')
    await net.advance()
    feed.answer(403)
    feed.cut()
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { status: 403 } })
    store.reconnect()
    feed.send('c')
    await net.advance(FRAME_MS)
    expect(feed.attempts.map(({ cursor }) => cursor)).toEqual([undefined, '1', '1'])
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b', 'c'], error: undefined })
  })

  it.each([
    ['open', () => {}],
    ['closed', (feed: FakeLog) => feed.answer(204)],
    ['failed', (feed: FakeLog) => feed.answer(403)],
  ])('reconnects while %s and closes the previous connection', async (connection, prepare) => {
    const feed = net.log('/feed')
    prepare(feed)
    const store = wireStore(feedSource)
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().connection).toBe(connection)
    store.reconnect()
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
    expect(net.open).toBe(1)
  })

  it.each([
    ['closed', EMPTY],
    ['failed', throwError(() => new WireError('http', 'refused'))],
  ])('is connecting after reconnect while %s even if the next wire emits no event', async (connection, first) => {
    const store = wireStore(vi.fn<() => Wire<string>>(() => NEVER).mockReturnValueOnce(first))
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().connection).toBe(connection)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'connecting', close: undefined })
  })

  it('stays stopped until reconnect is called', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    const listener = vi.fn()
    listen(store, listener)
    feed.send('a')
    await net.advance()
    store.stop()
    await net.advance(FRAME_MS)
    expect(net.open).toBe(0)
    const stopped = {
      connection: 'closed',
      retryAt: undefined,
      data: 'a',
      close: { wasClean: true, reason: 'stopped' },
    }
    expect(store.getSnapshot()).toMatchObject(stopped)
    expect(listener).toHaveBeenCalledTimes(1)
    listen(store)
    await net.advance(100_000)
    expect(feed.attempts).toHaveLength(1)
    expect(store.getSnapshot()).toMatchObject(stopped)
    store.reconnect()
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
  })

  it('clears retryAt when stopped while waiting', async () => {
    net.log('/feed').refuse()
    const backoff = () => ({ floorMs: 60_000, spanMs: 0 })
    const store = wireStore(fromEventSource('/feed', { reconnect: { backoff } }))
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'waiting', retryAt: Date.now() + 60_000 - FRAME_MS })
    store.stop()
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().retryAt).toBeUndefined()
  })

  it('throws a TypeError for an invalid source or option', () => {
    const none = 'none' as unknown as Wire<string>
    expect(() => wireStore(none)).toThrow(new TypeError('source must be a wire or a function'))
    expect(() => wireStore(NEVER, { lingerMs: -1 })).toThrow(/^lingerMs must be/)
    expect(() => wireStore(NEVER, { keep: 0 })).toThrow(/^keep must be/)
  })
})
