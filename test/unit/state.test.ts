import { type Fold, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { completedState, failedState, idleState, pausedState, reduceWire } from '../../src/state.ts'

const nowMs = 1_000_000
const lost = new WireError('network', 'lost', { retryable: true })
const append: Fold<string, readonly string[]> = (list, item) => [...list, item]

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Error || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

/** The state after these events. Every intermediate state is frozen, so a reducer that modifies one throws. */
function after(...events: WireEvent<string>[]) {
  return events.reduce(
    (state, event) => deepFreeze(reduceWire(state, deepFreeze(event), append, [], () => nowMs)),
    deepFreeze(idleState<readonly string[]>([])),
  )
}

const connecting: WireEvent<string> = { type: 'connecting', attempt: 0 }
const open: WireEvent<string> = { type: 'open' }
const waiting: WireEvent<string> = { type: 'waiting', attempt: 1, delayMs: 600, cause: lost }
const idle = {
  connection: 'idle',
  attempt: 0,
  retryAt: undefined,
  close: undefined,
  data: [],
  error: undefined,
  parked: undefined,
  gaps: 0,
  progress: {},
  cursor: undefined,
}

describe('reduceWire', () => {
  it('starts idle', () => {
    expect(after()).toStrictEqual(idle)
  })

  it.each<[string, WireEvent<string>[], object]>([
    ['connecting', [connecting], { connection: 'connecting' }],
    ['connecting again', [{ type: 'connecting', attempt: 3 }], { connection: 'connecting', attempt: 3 }],
    ['open', [connecting, open], { connection: 'open' }],
    ['waiting', [connecting, waiting], { connection: 'waiting', attempt: 1, retryAt: nowMs + 600, error: lost }],
    [
      'a message',
      [connecting, open, { type: 'message', data: 'a', id: '1' }],
      { connection: 'open', data: ['a'], cursor: '1' },
    ],
    [
      'a close',
      [connecting, open, { type: 'close', code: 1000, wasClean: true }],
      { connection: 'closed', close: { code: 1000, wasClean: true } },
    ],
  ])('follows %s', (_, events, changed) => {
    expect(after(...events)).toStrictEqual({ ...idle, ...changed })
  })

  it('keeps the last progress of each direction and clears it on connecting', () => {
    const events: WireEvent<string>[] = [
      connecting,
      { type: 'progress', direction: 'upload', loaded: 1, total: 2 },
      { type: 'progress', direction: 'upload', loaded: 2, total: 2 },
      { type: 'progress', direction: 'download', loaded: 7 },
    ]
    expect(after(...events).progress).toStrictEqual({
      upload: { direction: 'upload', loaded: 2, total: 2 },
      download: { direction: 'download', loaded: 7 },
    })
    expect(after(...events, connecting).progress).toStrictEqual({})
  })

  it('is open after a message without an open event', () => {
    expect(after(connecting, { type: 'message', data: 'a' }).connection).toBe('open')
  })

  it('keeps the cursor across messages without an id', () => {
    const first: WireEvent<string> = { type: 'message', data: 'a', id: '1' }
    expect(after(first, { type: 'message', data: 'b' }).cursor).toBe('1')
  })

  it('starts over when the messages do, and counts gaps', () => {
    const first: WireEvent<string> = { type: 'message', data: 'a', id: '1' }
    const reset = after(connecting, open, first, { type: 'open', continuity: 'reset' })
    expect(reset).toMatchObject({ data: [], cursor: undefined, gaps: 0 })
    const gap: WireEvent<string> = { type: 'open', continuity: 'gap' }
    expect(after(connecting, open, first, gap, gap)).toMatchObject({ data: ['a'], cursor: '1', gaps: 2 })
    expect(after(first, { type: 'open', continuity: 'resumed' })).toMatchObject({ data: ['a'], gaps: 0 })
  })

  it('is parked only while it waits for the host', () => {
    const waitingFor = (cause: 'offline' | 'hidden' | 'prerendering' | 'rotated') =>
      after(connecting, { type: 'waiting', attempt: 0, delayMs: 1, cause })
    expect(waitingFor('offline').parked).toBe('offline')
    expect(waitingFor('prerendering').parked).toBe('prerendering')
    expect(waitingFor('rotated')).toMatchObject({ parked: undefined, error: undefined })
    expect(after(connecting, waiting).parked).toBeUndefined()
    expect(reduceWire(waitingFor('hidden'), connecting, append, [], () => nowMs).parked).toBeUndefined()
    expect(failedState(waitingFor('hidden'), lost).parked).toBeUndefined()
  })

  it('keeps the last error while waiting and connecting and clears it on open', () => {
    expect(after(connecting, waiting).error).toBe(lost)
    expect(after(connecting, waiting, { type: 'connecting', attempt: 1 }).error).toBe(lost)
    expect(after(connecting, waiting, { type: 'connecting', attempt: 1 }, open).error).toBeUndefined()
  })

  it('keeps the last error while paused', () => {
    const parked: WireEvent<string> = { type: 'waiting', attempt: 1, delayMs: 60_000, cause: 'offline' }
    expect(after(connecting, waiting, parked)).toMatchObject({ error: lost, retryAt: nowMs + 60_000 })
  })

  it('has retryAt only while waiting', () => {
    expect(after(connecting, waiting, { type: 'connecting', attempt: 1 }).retryAt).toBeUndefined()
  })

  it('clears close when it connects again', () => {
    expect(after(open, { type: 'close', wasClean: true }, connecting).close).toBeUndefined()
  })

  it('keeps data and cursor across all events but messages', () => {
    const before = after(connecting, open, { type: 'message', data: 'a', id: '1' })
    for (const event of [connecting, open, waiting, { type: 'close', wasClean: true } as const]) {
      const next = reduceWire(before, event, append, [], () => nowMs)
      expect(next.data).toBe(before.data)
      expect(next.cursor).toBe('1')
    }
  })

  it('calls the fold with the data, the message and its event', () => {
    const seen: unknown[] = []
    const message: WireEvent<string> = { type: 'message', data: 'a', id: '1', name: 'tick' }
    const fold: Fold<string, number> = (...given) => {
      seen.push(given)
      return 2
    }
    expect(reduceWire(idleState(1), message, fold, 1, () => nowMs).data).toBe(2)
    expect(seen).toEqual([[1, 'a', message]])
  })
})

describe('failedState', () => {
  it('sets the error, keeps the data and clears retryAt', () => {
    const before = after(connecting, { type: 'message', data: 'a', id: '1' }, waiting)
    const final = new WireError('http', 'refused')
    expect(failedState(before, final)).toStrictEqual({
      ...before,
      connection: 'failed',
      retryAt: undefined,
      error: final,
    })
  })
})

describe('completedState', () => {
  it('sets a clean close and clears retryAt and the earlier failure without a close event', () => {
    const before = after(connecting, { type: 'message', data: 'a', id: '1' }, waiting)
    expect(completedState(before)).toStrictEqual({
      ...before,
      connection: 'closed',
      error: undefined,
      retryAt: undefined,
      close: { wasClean: true },
    })
  })

  it('is unchanged after a close event', () => {
    const closed = after(connecting, open, { type: 'close', code: 1001, wasClean: false })
    expect(completedState(closed)).toBe(closed)
  })
})

describe('pausedState', () => {
  it('is idle with attempt 0 and without retryAt, and keeps the data', () => {
    const before = after(connecting, { type: 'message', data: 'a', id: '1' }, waiting)
    expect(pausedState(before)).toStrictEqual({ ...before, connection: 'idle', attempt: 0, retryAt: undefined })
  })

  it('is unchanged if the wire has ended', () => {
    const closed = completedState(after(connecting))
    const failed = failedState(after(connecting, waiting), lost)
    expect(pausedState(closed)).toBe(closed)
    expect(pausedState(failed)).toBe(failed)
  })
})
