import { type Wire, WireError, type WireSource, type WireStore, wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { virtualTime } from './support/virtual-time.ts'
import { WireSubject } from './support/wire-subject.ts'

virtualTime()

const FRAME_MS = 16

function listen(store: WireStore<unknown>) {
  const listener = vi.fn()
  const leave = store.subscribe(listener)
  return { listener, leave }
}

/** A source that records its wires and where each one resumes. */
function source() {
  const wires: WireSubject<string>[] = []
  const cursors: (string | undefined)[] = []
  const make: WireSource<string> = ({ resumeFrom }) => {
    const wire = new WireSubject<string>()
    wires.push(wire)
    cursors.push(resumeFrom)
    return wire
  }
  const last = () => wires.at(-1) ?? new WireSubject<string>()
  return { wires, cursors, make, last }
}

describe('wireStore', () => {
  it('does not connect without a listener', () => {
    const { wires, make } = source()
    const store = wireStore(make)
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', data: undefined })
    store.reconnect()
    store.stop()
    expect(wires).toEqual([])
    listen(store)
    expect(wires).toHaveLength(1)
  })

  it('calls a listener once for all events within a frame', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire, { keep: 10 })
    const { listener } = listen(store)
    wire.open()
    wire.messages('a', 'b', 'c')
    vi.advanceTimersByTime(FRAME_MS - 1)
    expect(listener).not.toHaveBeenCalled()
    expect(store.getSnapshot().connection).toBe('idle')
    vi.advanceTimersByTime(1)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b', 'c'] })
  })

  it('calls a listener at most once per frame and loses no message', () => {
    const wire = new WireSubject<number>()
    const store = wireStore(wire, { initial: 0, fold: (sum, each) => sum + each })
    const { listener } = listen(store)
    for (let ms = 0; ms < 160; ms++) {
      wire.messages(1)
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(FRAME_MS)
    expect(listener.mock.calls.length).toBeLessThanOrEqual(11)
    expect(store.getSnapshot().data).toBe(160)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('returns the same snapshot until something changes', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire, { keep: 3 })
    expect(store.getSnapshot()).toBe(store.getSnapshot())
    listen(store)
    wire.messages('a')
    vi.advanceTimersByTime(FRAME_MS)
    const shown = store.getSnapshot()
    vi.advanceTimersByTime(1_000)
    expect(store.getSnapshot()).toBe(shown)
    expect(store.getSnapshot().data).toBe(shown.data)
    wire.messages('b')
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).not.toBe(shown)
    expect(shown.data).toEqual(['a'])
  })

  it('returns an idle server snapshot even while connected', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire, { keep: 3 })
    const idle = store.getServerSnapshot()
    listen(store)
    wire.open()
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getServerSnapshot()).toBe(idle)
    expect(idle).toMatchObject({ connection: 'idle', data: [] })
  })

  it('does not call a listener that has unsubscribed', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const one = listen(store)
    const other = listen(store)
    wire.messages('a')
    one.leave()
    vi.advanceTimersByTime(FRAME_MS)
    expect(one.listener).not.toHaveBeenCalled()
    expect(other.listener).toHaveBeenCalledTimes(1)
  })

  it('counts a listener that subscribes twice as two', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const listener = vi.fn()
    const leaveOne = store.subscribe(listener)
    store.subscribe(listener)
    leaveOne()
    leaveOne()
    vi.runAllTimers()
    expect(wire.observed).toBe(true)
    wire.messages('a')
    vi.advanceTimersByTime(FRAME_MS)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('shows a failure and keeps the data', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    listen(store)
    wire.messages('a')
    const error = new WireError('http', 'refused')
    wire.error(error)
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', data: 'a' })
    expect(store.getSnapshot().error).toBe(error)
  })

  it('wraps an error that is not a WireError', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    listen(store)
    const bug = new RangeError('a bug')
    wire.error(bug)
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot().error).toMatchObject({ name: 'WireError', kind: 'network', cause: bug })
  })

  it('shows a failure if the source throws and calls the source again for the next listener', () => {
    let asked = 0
    const bug = new Error('no token')
    const source = () => {
      asked += 1
      if (asked === 1) throw bug
      return new WireSubject<string>()
    }
    const store = wireStore(source, { key: 'throws at first' })
    const { leave } = listen(store)
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { name: 'WireError', cause: bug } })
    leave()
    vi.runAllTimers()
    listen(store)
    expect(asked).toBe(2)
  })

  it('resumes from the last cursor on reconnect after a failure', () => {
    const { cursors, make, last } = source()
    const store = wireStore(make, { keep: 5 })
    listen(store)
    last().next({ type: 'message', data: 'a', id: '1' })
    last().next({ type: 'message', data: 'b' })
    last().error(new WireError('http', 'refused'))
    store.reconnect()
    last().open()
    last().messages('c')
    vi.advanceTimersByTime(FRAME_MS)
    expect(cursors).toEqual([undefined, '1'])
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b', 'c'], error: undefined })
  })

  it.each([
    ['open', () => {}],
    ['closed', (wire: WireSubject<string>) => wire.complete()],
    ['failed', (wire: WireSubject<string>) => wire.error(new WireError('network', 'lost'))],
  ])('reconnects while %s and closes the previous connection', (_, end) => {
    const { wires, make, last } = source()
    const store = wireStore(make)
    listen(store)
    last().open()
    end(last())
    store.reconnect()
    expect(wires).toHaveLength(2)
    expect(wires[0]?.observed).toBe(false)
    expect(wires[1]?.observed).toBe(true)
  })

  it('is connecting after reconnect even if the next wire emits no connecting event', () => {
    const { make, last } = source()
    const store = wireStore(make)
    listen(store)
    last().complete()
    store.reconnect()
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'connecting', close: undefined })
  })

  it('stays stopped until reconnect is called', () => {
    const { wires, make, last } = source()
    const store = wireStore(make)
    const { listener } = listen(store)
    last().messages('a')
    store.stop()
    vi.advanceTimersByTime(FRAME_MS)
    expect(last().observed).toBe(false)
    const stopped = {
      connection: 'closed',
      retryAt: undefined,
      data: 'a',
      close: { wasClean: true, reason: 'stopped' },
    }
    expect(store.getSnapshot()).toMatchObject(stopped)
    expect(listener).toHaveBeenCalledTimes(1)
    listen(store)
    vi.advanceTimersByTime(100_000)
    expect(wires).toHaveLength(1)
    expect(store.getSnapshot()).toMatchObject(stopped)
    store.reconnect()
    expect(wires).toHaveLength(2)
  })

  it('clears retryAt when stopped while waiting', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    listen(store)
    wire.next({ type: 'waiting', attempt: 1, delayMs: 60_000, cause: 'offline' })
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'waiting', retryAt: Date.now() + 60_000 - FRAME_MS })
    store.stop()
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot().retryAt).toBeUndefined()
  })

  it('throws a TypeError for an invalid source or option', () => {
    const none = 'none' as unknown as Wire<string>
    expect(() => wireStore(none)).toThrow(new TypeError('source must be a wire or a function'))
    expect(() => wireStore(new WireSubject<string>(), { lingerMs: -1 })).toThrow(/^lingerMs must be/)
    expect(() => wireStore(new WireSubject<string>(), { keep: 0 })).toThrow(/^keep must be/)
  })
})
