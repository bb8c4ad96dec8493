import { WireError, type WireSource, wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { virtualTime } from './support/virtual-time.ts'
import { WireSubject } from './support/wire-subject.ts'

virtualTime()

const FRAME_MS = 16

/** A source that counts how often it was asked to connect, and from where. */
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
  it('gives a connection of its own to a store without a key', () => {
    const { made, make } = source()
    wireStore(make).subscribe(() => {})
    wireStore(make).subscribe(() => {})
    expect(made).toHaveLength(2)
  })

  it('gives one connection and one state to all stores of a key', () => {
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

  it('keeps keys apart', () => {
    const { made, make } = source()
    wireStore(make, { key: 'b' }).subscribe(() => {})
    wireStore(make, { key: 'c' }).subscribe(() => {})
    expect(made).toHaveLength(2)
  })

  it('shows one who comes late what there is already, before anything new happens', () => {
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

  it('goes by the options of the one that opened it', () => {
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

  it('closes the connection a macrotask after the last listener has left', () => {
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

  it('keeps the connection for a listener who leaves and comes back at once', () => {
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

  it('lingers as long as it is told', () => {
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

  it('does not linger over what has failed: whoever comes next tries again', () => {
    const { made, make, last } = source()
    const options = { key: 'failed', lingerMs: 5_000 }
    const come = () => wireStore(make, options).subscribe(() => {})
    const leaveFailed = come()
    last().error(new WireError('http', 'not now'))
    leaveFailed()
    vi.advanceTimersByTime(0)
    come()()
    expect(made).toHaveLength(2)
    // Nor if it fails while it lingers.
    vi.advanceTimersByTime(1_000)
    last().error(new WireError('http', 'not now'))
    vi.advanceTimersByTime(0)
    come()
    expect(made).toHaveLength(3)
  })

  it('keeps what has come when nobody listens any more, and goes on from there for who comes back', () => {
    const { cursors, make, last } = source()
    const store = wireStore(make, { keep: 2 })
    const leave = store.subscribe(() => {})
    last().open()
    last().next({ type: 'message', data: 'x', id: '7' })
    last().next({ type: 'waiting', attempt: 3, delayMs: 1_000, cause: 'offline' })
    // Without a frame in between: also what nobody was shown is kept.
    leave()
    vi.runAllTimers()
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', attempt: 0, retryAt: undefined, data: ['x'] })
    store.subscribe(() => {})
    expect(cursors).toEqual([undefined, '7'])
    last().messages('y')
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot().data).toEqual(['x', 'y'])
  })

  it('begins anew for another store of a key that nobody listens to any more', () => {
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
    // Who comes back to a key joins those who are there.
    left.subscribe(() => {})
    expect(left.getSnapshot().data).toEqual(['y'])
    expect(cursors).toHaveLength(2)
  })

  it('leaves closed what was complete, and tries again what had failed', () => {
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

  it('leaves no timer behind, also if it leaves in the midst of a frame', () => {
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
