import { WireError, type WireSource, wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { virtualTime } from './support/virtual-time.ts'
import { WireSubject } from './support/wire-subject.ts'

virtualTime()

const FRAME_MS = 16

/** A source that records its connections and where each one resumes. */
function source() {
  const made: WireSubject<string>[] = []
  const cursors: (string | undefined)[] = []
  const make: WireSource<string> = ({ resumeFrom }) => {
    const wire = new WireSubject<string>()
    made.push(wire)
    cursors.push(resumeFrom)
    return wire
  }
  return { made, cursors, make, last: () => made.at(-1) ?? new WireSubject<string>() }
}

describe('wireStore: sharing', () => {
  it('opens a separate connection for each store without a key', () => {
    const { made, make } = source()
    wireStore(make).subscribe(() => {})
    wireStore(make).subscribe(() => {})
    expect(made).toHaveLength(2)
  })

  it('shares one connection and one state among all stores of a key', () => {
    const { made, make, last } = source()
    const [one, other] = [wireStore(make, { key: 'a', keep: 2 }), wireStore(make, { key: 'a', keep: 2 })]
    const [tellOne, tellOther] = [vi.fn(), vi.fn()]
    one.subscribe(tellOne)
    other.subscribe(tellOther)
    expect(made).toHaveLength(1)
    last().messages('x')
    vi.advanceTimersByTime(FRAME_MS)
    expect(tellOne).toHaveBeenCalledTimes(1)
    expect(tellOther).toHaveBeenCalledTimes(1)
    expect(one.getSnapshot()).toBe(other.getSnapshot())
  })

  it('opens a separate connection for each key', () => {
    const { made, make } = source()
    wireStore(make, { key: 'b' }).subscribe(() => {})
    wireStore(make, { key: 'c' }).subscribe(() => {})
    expect(made).toHaveLength(2)
  })

  it('shows the current state to a late store before the next event', () => {
    const { make, last } = source()
    wireStore(make, { key: 'd', keep: 2 }).subscribe(() => {})
    last().open()
    last().messages('x')
    vi.advanceTimersByTime(FRAME_MS)
    const late = wireStore(make, { key: 'd', keep: 2 })
    expect(late.getSnapshot()).toMatchObject({ connection: 'open', data: ['x'] })
    late.subscribe(() => {})
    expect(late.getSnapshot()).toMatchObject({ connection: 'open', data: ['x'] })
  })

  it('uses the options of the store that opened the connection', () => {
    const { make, last } = source()
    wireStore(make, { key: 'e', keep: 1 }).subscribe(() => {})
    const other = wireStore(make, { key: 'e', keep: 9 })
    other.subscribe(() => {})
    last().messages('x', 'y')
    vi.advanceTimersByTime(FRAME_MS)
    expect(other.getSnapshot().data).toEqual(['y'])
  })

  it('lets any store of a key stop and reconnect for all', () => {
    const { made, make, last } = source()
    const one = wireStore(make, { key: 'f' })
    const other = wireStore(make, { key: 'f' })
    one.subscribe(() => {})
    other.stop()
    expect(last().observed).toBe(false)
    other.reconnect()
    expect(made).toHaveLength(2)
  })

  it('closes the connection one macrotask after the last listener unsubscribes', () => {
    const { make, last } = source()
    const one = wireStore(make, { key: 'g' })
    const other = wireStore(make, { key: 'g' })
    const [leaveOne, leaveOther] = [one.subscribe(() => {}), other.subscribe(() => {})]
    leaveOne()
    vi.runAllTimers()
    expect(last().observed).toBe(true)
    leaveOther()
    expect(last().observed).toBe(true)
    vi.advanceTimersByTime(0)
    expect(last().observed).toBe(false)
  })

  it('keeps the connection if a listener unsubscribes and subscribes again at once', () => {
    const { made, make, last } = source()
    const store = wireStore(make)
    const leave = store.subscribe(() => {})
    last().messages('x')
    leave()
    store.subscribe(() => {})
    vi.advanceTimersByTime(FRAME_MS)
    expect(made).toHaveLength(1)
    expect(last().observed).toBe(true)
    expect(store.getSnapshot().data).toBe('x')
  })

  it('keeps the connection for lingerMs after the last listener', () => {
    const { make, last } = source()
    const store = wireStore(make, { lingerMs: 5_000 })
    store.subscribe(() => {})()
    vi.advanceTimersByTime(4_000)
    const leave = store.subscribe(() => {})
    vi.advanceTimersByTime(100_000)
    expect(last().observed).toBe(true)
    leave()
    vi.advanceTimersByTime(4_999)
    expect(last().observed).toBe(true)
    last().messages('while lingering')
    vi.advanceTimersByTime(1)
    expect(last().observed).toBe(false)
  })

  it('does not extend lingerMs when a listener is removed a second time', () => {
    const { make, last } = source()
    const leave = wireStore(make, { lingerMs: 5_000 }).subscribe(() => {})
    leave()
    vi.advanceTimersByTime(4_000)
    leave()
    vi.advanceTimersByTime(1_000)
    expect(last().observed).toBe(false)
  })

  it('releases a failed connection at once and retries for the next listener', () => {
    const { made, make, last } = source()
    const options = { key: 'failed', lingerMs: 5_000 }
    const come = () => wireStore(make, options).subscribe(() => {})
    const leaveFailed = come()
    last().error(new WireError('http', 'not now'))
    leaveFailed()
    vi.advanceTimersByTime(0)
    come()()
    expect(made).toHaveLength(2)
    // The same holds for a failure during lingerMs.
    vi.advanceTimersByTime(1_000)
    last().error(new WireError('http', 'not now'))
    vi.advanceTimersByTime(0)
    come()
    expect(made).toHaveLength(3)
  })

  it('keeps its data without listeners and resumes from its cursor for the next listener', () => {
    const { cursors, make, last } = source()
    const store = wireStore(make, { keep: 2 })
    const leave = store.subscribe(() => {})
    last().open()
    last().next({ type: 'message', data: 'x', id: '7' })
    last().next({ type: 'waiting', attempt: 3, delayMs: 1_000, cause: 'offline' })
    // No frame runs in between: messages that were not published yet are kept, too.
    leave()
    vi.runAllTimers()
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', attempt: 0, retryAt: undefined, data: ['x'] })
    store.subscribe(() => {})
    expect(cursors).toEqual([undefined, '7'])
    last().messages('y')
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot().data).toEqual(['x', 'y'])
  })

  it('starts over for another store of a key without listeners', () => {
    const { cursors, make, last } = source()
    const left = wireStore(make, { key: 'h', keep: 2 })
    const leave = left.subscribe(() => {})
    last().next({ type: 'message', data: 'x', id: '7' })
    leave()
    vi.runAllTimers()
    const store = wireStore(make, { key: 'h', keep: 2 })
    expect(store.getSnapshot()).toBe(store.getServerSnapshot())
    store.subscribe(() => {})
    expect(cursors).toEqual([undefined, undefined])
    last().messages('y')
    vi.advanceTimersByTime(FRAME_MS)
    // A store that returns to its key joins the current connection.
    left.subscribe(() => {})
    expect(left.getSnapshot().data).toEqual(['y'])
    expect(cursors).toHaveLength(2)
  })

  it('stays closed after completion and retries after a failure', () => {
    const { made, make, last } = source()
    const store = wireStore(make)
    const visit = (during: () => void) => {
      const leave = store.subscribe(() => {})
      during()
      leave()
      vi.runAllTimers()
    }
    visit(() => last().error(new WireError('http', 'not now')))
    expect(store.getSnapshot().connection).toBe('failed')
    visit(() => last().complete())
    expect(made).toHaveLength(2)
    visit(() => {})
    expect(made).toHaveLength(2)
    expect(store.getSnapshot().connection).toBe('closed')
  })

  it('leaves no timer behind if its listener unsubscribes before the frame', () => {
    const { make, last } = source()
    const tell = vi.fn()
    const leave = wireStore(make).subscribe(tell)
    last().messages('x')
    leave()
    vi.advanceTimersByTime(0)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(tell).not.toHaveBeenCalled()
  })
})
