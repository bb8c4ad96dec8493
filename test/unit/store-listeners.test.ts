import { wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'
import { WireSubject } from './support/wire-subject.ts'

const { net, listen } = storesForEachTest()

describe('wireStore: listeners', () => {
  it('calls the listeners in the order in which they were added', async () => {
    net.log('/feed')
    const store = wireStore(feedSource)
    const called: string[] = []
    listen(store, () => called.push('one'))
    listen(store, () => called.push('other'))
    await net.advance(FRAME_MS)
    expect(called).toEqual(['one', 'other'])
  })

  it('accepts the same listener twice and removes each registration separately', async () => {
    net.log('/feed')
    const store = wireStore(feedSource)
    const listener = vi.fn()
    const unsubscribe = store.subscribe(listener)
    listen(store, listener)
    unsubscribe()
    unsubscribe()
    await net.advance(FRAME_MS)
    expect(listener).toHaveBeenCalledOnce()
    expect(net.open).toBe(1)
  })

  it('skips listeners that are removed or added during the call', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource)
    const late = vi.fn()
    const removed = vi.fn()
    let isFirst = true
    listen(store, () => {
      if (!isFirst) return
      isFirst = false
      unsubscribe()
      listen(store, late)
    })
    const unsubscribe = listen(store, removed)
    await net.advance(FRAME_MS)
    expect(removed).not.toHaveBeenCalled()
    expect(late).not.toHaveBeenCalled()
    feed.send('a')
    await net.advance(FRAME_MS)
    expect(late).toHaveBeenCalledOnce()
  })
})

describe('wireStore: listeners and folds that misbehave', () => {
  it('calls each listener once, even if it resubscribes during the call', async () => {
    net.log('/feed')
    const store = wireStore(feedSource)
    let leave = () => {}
    const listener = vi.fn(() => {
      leave()
      leave = listen(store, listener)
    })
    leave = listen(store, listener)
    await net.advance(FRAME_MS)
    expect(listener).toHaveBeenCalledOnce()
  })

  it('calls the other listeners when one throws and rethrows the error', async () => {
    net.log('/feed')
    const store = wireStore(feedSource)
    const bug = new Error('a bug of the caller')
    const other = vi.fn()
    listen(store, () => {
      throw bug
    })
    listen(store, other)
    await expect(net.advance(FRAME_MS + 1)).rejects.toBe(bug)
    expect(other).toHaveBeenCalledOnce()
  })

  it('fails and unsubscribes from the wire when the fold throws', async () => {
    net.log('/feed').send('a')
    const fold = () => {
      throw new RangeError('cannot count that')
    }
    const store = wireStore(feedSource, { initial: 0, fold })
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({
      connection: 'failed',
      error: { message: expect.stringContaining('cannot count that') },
    })
    expect(net.open).toBe(0)
  })

  it('keeps the identity of unchanged data when other fields change', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire, { keep: 3 })
    listen(store)
    wire.open()
    wire.messages('a', 'b')
    await net.advance(FRAME_MS)
    const { data } = store.getSnapshot()
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().progress.download?.loaded).toBe(1)
    expect(store.getSnapshot().data).toBe(data)
  })

  it('is closed when the wire completes without a close event', async () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    listen(store)
    wire.open()
    wire.complete()
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { wasClean: true } })
  })
})
