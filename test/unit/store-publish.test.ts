import { WireError, wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { FRAME_MS, feedSource, storesForEachTest } from './support/stores.ts'
import { WireSubject } from './support/wire-subject.ts'

const { net, listen } = storesForEachTest({ page: false })

const EVERY_MS = 100

/** A store that publishes every 100 ms, and what its listeners saw. */
function published() {
  const wire = new WireSubject<number>()
  const store = wireStore(wire, { initial: 0, fold: (sum, each) => sum + each, publishEveryMs: EVERY_MS })
  const seen: unknown[] = []
  const leave = listen(store, () => {
    const { connection, data } = store.getSnapshot()
    seen.push(`${connection}:${data}`)
  })
  return { wire, store, seen, leave }
}

describe('wireStore: publishEveryMs', () => {
  it('publishes data less often than once per frame, and loses no message', async () => {
    const feed = net.log('/feed')
    const store = wireStore(feedSource, {
      initial: 0,
      fold: (sum, each) => sum + Number(each),
      publishEveryMs: EVERY_MS,
    })
    const listener = vi.fn()
    listen(store, listener)
    for (let ms = 0; ms < 1_000; ms++) {
      feed.send(1)
      await net.advance(1)
    }
    // The first message, and then one in 100 ms and the rest of a frame.
    expect(listener.mock.calls.length).toBeGreaterThanOrEqual(8)
    expect(listener.mock.calls.length).toBeLessThanOrEqual(11)
    await net.advance(EVERY_MS + FRAME_MS)
    expect(store.getSnapshot().data).toBe(1_000)
  })

  it('publishes the first message in the next frame', async () => {
    const { wire, seen } = published()
    wire.open()
    await net.advance(FRAME_MS)
    wire.messages(1)
    await net.advance(FRAME_MS)
    expect(seen).toEqual(['open:0', 'open:1'])
  })

  it('waits for the second message, and publishes it although nothing follows', async () => {
    const { wire, seen } = published()
    wire.messages(1)
    await net.advance(FRAME_MS)
    wire.messages(1)
    await net.advance(EVERY_MS - 1)
    expect(seen).toEqual(['open:1'])
    await net.advance(1 + FRAME_MS)
    expect(seen).toEqual(['open:1', 'open:2'])
  })

  it('does not wait for a message after a pause that was long enough', async () => {
    const { wire, seen } = published()
    wire.messages(1)
    await net.advance(FRAME_MS + EVERY_MS)
    wire.messages(1)
    await net.advance(FRAME_MS)
    expect(seen).toEqual(['open:1', 'open:2'])
  })

  const lost = new WireError('network', 'lost', { retryable: true })
  it.each([
    ['the end', 'closed', (wire: WireSubject<number>) => wire.complete()],
    ['a close', 'closed', (wire: WireSubject<number>) => wire.next({ type: 'close', wasClean: true })],
    ['a failure', 'failed', (wire: WireSubject<number>) => wire.error(lost)],
    [
      'a wait',
      'waiting',
      (wire: WireSubject<number>) => wire.next({ type: 'waiting', attempt: 1, delayMs: 5, cause: lost }),
    ],
  ])('publishes %s in the next frame, with the data before it', async (_, connection, happens) => {
    const { wire, seen } = published()
    wire.messages(1)
    await net.advance(FRAME_MS)
    wire.messages(1)
    await net.advance(1)
    happens(wire)
    await net.advance(FRAME_MS)
    expect(seen).toEqual(['open:1', `${connection}:2`])
    await net.advance(2 * EVERY_MS)
    expect(seen).toHaveLength(2)
  })

  it('publishes stop in the next frame', async () => {
    const { wire, store, seen } = published()
    wire.messages(1)
    await net.advance(FRAME_MS)
    wire.messages(1)
    store.stop()
    await net.advance(FRAME_MS)
    expect(seen).toEqual(['open:1', 'closed:2'])
  })

  it('publishes a message that opens the connection again in the next frame', async () => {
    const { wire, seen } = published()
    wire.messages(1)
    wire.next({ type: 'waiting', attempt: 1, delayMs: 5, cause: lost })
    await net.advance(FRAME_MS)
    wire.messages(1)
    await net.advance(FRAME_MS)
    expect(seen).toEqual(['waiting:1', 'open:2'])
  })

  it('delays progress like data', async () => {
    const { wire, seen, store } = published()
    wire.messages(1)
    await net.advance(FRAME_MS)
    wire.next({ type: 'progress', direction: 'download', loaded: 5 })
    await net.advance(2 * FRAME_MS)
    expect(seen).toEqual(['open:1'])
    await net.advance(EVERY_MS)
    expect(store.getSnapshot().progress.download?.loaded).toBe(5)
  })

  it('keeps data that waits when the last listener leaves, and publishes nothing more', async () => {
    const { wire, store, seen, leave } = published()
    wire.messages(1)
    await net.advance(FRAME_MS)
    wire.messages(1)
    leave()
    await net.advance(2 * EVERY_MS)
    expect(seen).toEqual(['open:1'])
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', data: 2 })
    expect(net.timers).toBe(0)
  })

  it('throws a TypeError for a negative interval', () => {
    expect(() => wireStore(new WireSubject(), { publishEveryMs: -1 })).toThrow(/^publishEveryMs must be/)
  })
})
