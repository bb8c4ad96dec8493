import { wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { virtualTime } from './support/virtual-time.ts'
import { WireSubject } from './support/wire-subject.ts'

virtualTime()

const FRAME_MS = 16

describe('wireStore: listeners', () => {
  it('calls the listeners in the order in which they were added', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const called: string[] = []
    store.subscribe(() => called.push('one'))
    store.subscribe(() => called.push('other'))
    wire.open()
    vi.advanceTimersByTime(FRAME_MS)
    expect(called).toEqual(['one', 'other'])
  })

  it('accepts the same listener twice and removes each registration separately', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const listener = vi.fn()
    const unsubscribe = store.subscribe(listener)
    store.subscribe(listener)
    unsubscribe()
    unsubscribe()
    wire.open()
    vi.advanceTimersByTime(FRAME_MS)
    expect(listener).toHaveBeenCalledOnce()
    expect(wire.observed).toBe(true)
  })

  it('skips listeners that are removed or added during the call', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const late = vi.fn()
    const removed = vi.fn()
    let isFirst = true
    store.subscribe(() => {
      if (!isFirst) return
      isFirst = false
      unsubscribe()
      store.subscribe(late)
    })
    const unsubscribe = store.subscribe(removed)
    wire.open()
    vi.advanceTimersByTime(FRAME_MS)
    expect(removed).not.toHaveBeenCalled()
    expect(late).not.toHaveBeenCalled()
    wire.messages('a')
    vi.advanceTimersByTime(FRAME_MS)
    expect(late).toHaveBeenCalledOnce()
  })
})

describe('wireStore: listeners and folds that misbehave', () => {
  it('calls each listener once, even if it resubscribes during the call', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    let calls = 0
    let leave = () => {}
    const listener = () => {
      calls += 1
      leave()
      leave = store.subscribe(listener)
    }
    leave = store.subscribe(listener)
    wire.open()
    vi.advanceTimersByTime(FRAME_MS)
    expect(calls).toBe(1)
  })

  it('calls the other listeners when one throws and rethrows the error', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    const bug = new Error('a bug of the caller')
    const other = vi.fn()
    store.subscribe(() => {
      throw bug
    })
    store.subscribe(other)
    wire.open()
    expect(() => vi.advanceTimersByTime(FRAME_MS + 1)).toThrow(bug)
    expect(other).toHaveBeenCalledOnce()
  })

  it('fails and unsubscribes from the wire when the fold throws', () => {
    const wire = new WireSubject<string>()
    const fold = () => {
      throw new RangeError('cannot count that')
    }
    const store = wireStore(wire, { initial: 0, fold })
    store.subscribe(() => {})
    wire.open()
    wire.messages('a')
    vi.advanceTimersByTime(FRAME_MS)
    const { connection, error } = store.getSnapshot()
    expect({ connection, message: error?.message }).toEqual({
      connection: 'failed',
      message: expect.stringContaining('cannot count that'),
    })
    expect(wire.observed).toBe(false)
  })

  it('keeps the identity of unchanged data when other fields change', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire, { keep: 3 })
    store.subscribe(() => {})
    wire.open()
    wire.messages('a', 'b')
    vi.advanceTimersByTime(FRAME_MS)
    const { data } = store.getSnapshot()
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot().progress.download?.loaded).toBe(1)
    expect(store.getSnapshot().data).toBe(data)
  })

  it('is closed when the wire completes without a close event', () => {
    const wire = new WireSubject<string>()
    const store = wireStore(wire)
    store.subscribe(() => {})
    wire.open()
    wire.complete()
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { wasClean: true } })
  })
})
