import { of } from 'rxjs'
import { type WireCallbacks, WireError, type WireEvent, wireStore } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'
import { WireSubject } from './support/wire-subject.ts'

const { net, listen } = storesForEachTest()

/** Callbacks that note what they are called with. */
function noted() {
  const calls: unknown[][] = []
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args])
    }
  const callbacks: WireCallbacks<unknown> = {
    onMessage: note('message'),
    onOpen: note('open'),
    onError: (error, info) => calls.push(['error', error.message, info]),
    onClose: note('close'),
  }
  return { calls, callbacks }
}

const lost = new WireError('network', 'lost', { retryable: true })
const refused = new WireError('http', 'refused')
const waiting: WireEvent<never> = { type: 'waiting', attempt: 1, delayMs: 5, cause: lost }

describe('wireStore: callbacks', () => {
  it('are called once for each event, in order, before the next frame', () => {
    const wire = new WireSubject<string>()
    const { calls, callbacks } = noted()
    listen(wireStore(wire), undefined, callbacks)
    wire.next({ type: 'connecting', attempt: 0 })
    wire.next({ type: 'open', status: 200, continuity: 'gap' })
    wire.next({ type: 'message', data: 'a', id: '1', name: 'tick' })
    wire.messages('b')
    wire.next(waiting)
    wire.error(refused)
    expect(calls).toEqual([
      ['open', { status: 200, continuity: 'gap' }],
      ['message', 'a', { id: '1', name: 'tick' }],
      ['message', 'b', { id: undefined, name: undefined }],
      ['error', 'lost', { isFinal: false }],
      ['error', 'refused', { isFinal: true }],
    ])
  })

  it('are called for each listener of a shared connection, and for a late one from then on', () => {
    const wire = new WireSubject<string>()
    const [first, late] = [noted(), noted()]
    listen(wireStore(wire, { key: 'shared' }), undefined, first.callbacks)
    wire.messages('a')
    listen(wireStore(wire, { key: 'shared' }), undefined, late.callbacks)
    wire.messages('b')
    expect(first.calls.map(([, message]) => message)).toEqual(['a', 'b'])
    expect(late.calls.map(([, message]) => message)).toEqual(['b'])
  })

  it('are called for events that the wire emits at once', () => {
    const { calls, callbacks } = noted()
    listen(wireStore(of<WireEvent<string>>({ type: 'message', data: 'a' })), undefined, callbacks)
    expect(calls.map(([name]) => name)).toEqual(['message', 'close'])
  })

  it('are not called after the listener has left', () => {
    const wire = new WireSubject<string>()
    const { calls, callbacks } = noted()
    listen(wireStore(wire, { key: 'shared' }))
    listen(wireStore(wire, { key: 'shared' }), undefined, callbacks)()
    wire.messages('a')
    wire.complete()
    expect(calls).toEqual([])
  })

  it('report one close of a wire, whether or not it has an event of its own', () => {
    const ends: ((wire: WireSubject<string>) => void)[] = [
      (wire) => wire.complete(),
      (wire) => {
        wire.next({ type: 'close', wasClean: true })
        wire.complete()
      },
    ]
    for (const end of ends) {
      const wire = new WireSubject<string>()
      const { calls, callbacks } = noted()
      listen(wireStore(wire), undefined, callbacks)
      end(wire)
      expect(calls).toEqual([['close', { wasClean: true }]])
    }
  })

  it('report a stop as a close, unless the wire had ended', () => {
    const ends: [(wire: WireSubject<string>) => void, unknown[]][] = [
      [() => {}, ['close', { wasClean: true, reason: 'stopped' }]],
      [(wire) => wire.complete(), ['close', { wasClean: true }]],
      [(wire) => wire.error(refused), ['error', 'refused', { isFinal: true }]],
    ]
    for (const [end, expected] of ends) {
      const wire = new WireSubject<string>()
      const store = wireStore(wire)
      const { calls, callbacks } = noted()
      listen(store, undefined, callbacks)
      end(wire)
      store.stop()
      store.stop()
      expect(calls).toEqual([expected])
    }
  })

  it('report a failure once while its wait is paused and resumed', () => {
    const wire = new WireSubject<string>()
    const { calls, callbacks } = noted()
    listen(wireStore(wire), undefined, callbacks)
    wire.next(waiting)
    wire.next({ ...waiting, cause: 'offline' })
    wire.next(waiting)
    wire.next({ type: 'connecting', attempt: 1 })
    wire.next(waiting)
    expect(calls).toHaveLength(2)
  })

  it('report a message that the fold could not process as a failure only', () => {
    const wire = new WireSubject<string>()
    const { calls, callbacks } = noted()
    const fold = () => {
      throw new RangeError('cannot count that')
    }
    listen(wireStore(wire, { initial: 0, fold }), undefined, callbacks)
    wire.messages('a')
    expect(calls).toEqual([['error', expect.stringContaining('cannot count that'), { isFinal: true }]])
  })

  it('that throw are reported as uncaught errors, and keep the connection and the other callbacks', async () => {
    const feed = net.log('/feed')
    const bug = new Error('a bug of the caller')
    const store = wireStore(feedSource, { keep: 5, key: 'shared' })
    const { calls, callbacks } = noted()
    const onMessage = () => {
      throw bug
    }
    listen(store, undefined, { onMessage })
    listen(store, undefined, callbacks)
    feed.send('a')
    await expect(net.advance(FRAME_MS)).rejects.toBe(bug)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a'] })
    expect(calls.map(([name]) => name)).toEqual(['open', 'message'])
  })

  it('may stop and reconnect the store', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, { keep: 5 })
    let isFirst = true
    const onMessage = () => {
      store.stop()
      if (isFirst) store.reconnect()
      isFirst = false
    }
    listen(store, undefined, { onMessage })
    feed.send('a')
    await net.advance(FRAME_MS)
    feed.send('b')
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a', 'b'] })
    expect(feed.attempts).toHaveLength(2)
  })
})
