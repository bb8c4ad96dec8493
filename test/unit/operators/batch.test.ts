import { type BatchOptions, batch, WireError } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

function start(options?: BatchOptions) {
  const wire = new WireSubject<string>()
  return { wire, session: record(wire.pipe(batch(options))) }
}

describe('batch', () => {
  it('collects the messages of one animation frame', () => {
    const { wire, session } = start()
    wire.messages('a', 'b')
    vi.advanceTimersByTime(15)
    wire.messages('c')
    expect(session.data()).toEqual([])
    vi.advanceTimersByTime(1)
    wire.messages('d')
    vi.advanceTimersByTime(16)
    expect(session.data()).toEqual([['a', 'b', 'c'], ['d']])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('collects the messages of an interval that starts with the first one', () => {
    const { wire, session } = start({ per: 250 })
    vi.advanceTimersByTime(200)
    wire.messages('a')
    vi.advanceTimersByTime(249)
    wire.messages('b')
    expect(session.data()).toEqual([])
    vi.advanceTimersByTime(1)
    expect(session.data()).toEqual([['a', 'b']])
  })

  it('emits a full batch at once and drops nothing', () => {
    const { wire, session } = start({ per: 1_000, maxCount: 2 })
    wire.messages('a', 'b', 'c')
    expect(session.data()).toEqual([['a', 'b']])
    vi.advanceTimersByTime(1_000)
    expect(session.data()).toEqual([['a', 'b'], ['c']])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('holds at most 10,000 messages by default', () => {
    const { wire, session } = start()
    wire.messages(...Array.from({ length: 10_001 }, () => 'x'))
    expect(session.data().map((each) => each.length)).toEqual([10_000])
  })

  it('carries the id and the name of the last message', () => {
    const { wire, session } = start()
    wire.next({ type: 'message', data: 'a', id: '1', name: 'one' })
    wire.next({ type: 'message', data: 'b', id: '2', name: 'two' })
    vi.advanceTimersByTime(16)
    expect(session.events).toEqual([{ type: 'message', data: ['a', 'b'], id: '2', name: 'two' }])
  })

  it('keeps the resume point of a batch whose last message has no id', () => {
    const { wire, session } = start({ maxCount: 2 })
    wire.next({ type: 'message', data: 'a', id: '1' })
    wire.next({ type: 'message', data: 'b' })
    wire.messages('c', 'd')
    expect(session.events).toEqual([
      { type: 'message', data: ['a', 'b'], id: '1' },
      { type: 'message', data: ['c', 'd'] },
    ])
  })

  it('keeps the order of messages and other events', () => {
    const { wire, session } = start()
    wire.messages('a')
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    wire.messages('b')
    wire.next({ type: 'close', wasClean: true })
    expect(session.types()).toEqual(['message', 'waiting', 'message', 'close'])
    expect(session.data()).toEqual([['a'], ['b']])
    vi.advanceTimersByTime(100)
    expect(session.types()).toHaveLength(4)
  })

  it('passes on other events at once while it is empty and emits no empty batch', () => {
    const { wire, session } = start()
    wire.open()
    expect(session.types()).toEqual(['connecting', 'open'])
    wire.complete()
    expect(session.types()).toEqual(['connecting', 'open'])
    expect(session.end).toBe('complete')
  })

  it.each(['complete', 'error'] as const)('emits the held messages before %s', (how) => {
    const { wire, session } = start()
    wire.messages('a')
    wire[how](new WireError('http', 'refused'))
    expect(session.data()).toEqual([['a']])
    expect(session.end).toBeDefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('clears its timer when the subscriber unsubscribes', () => {
    const { wire, session } = start()
    wire.messages('a')
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
    expect(session.events).toEqual([])
  })

  it.each([{ per: 0 }, { per: -1 }, { per: 'minute' as 'frame' }, { maxCount: 0 }])(
    'throws a TypeError for %j at the call',
    (options) => {
      expect(() => batch(options)).toThrow(TypeError)
      expect(() => batch(options)).toThrow(new RegExp(`^batch: ${Object.keys(options)[0]} must be`))
    },
  )
})
