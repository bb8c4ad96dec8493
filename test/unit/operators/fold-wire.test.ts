import { type Fold, foldWire, messages, WireError, type WireEvent, type WireState } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { START_MS, virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

function start(fold: Fold<string, string> = (text, word) => text + word) {
  const wire = new WireSubject<string>()
  const states: WireState<string>[] = []
  const [error, complete] = [vi.fn(), vi.fn()]
  wire.pipe(foldWire('', fold)).subscribe({ next: (state) => states.push(state), error, complete })
  return { wire, states, error, complete }
}

describe('foldWire', () => {
  it('emits one state per event', () => {
    const { wire, states } = start()
    wire.open()
    wire.messages('a', 'b')
    vi.advanceTimersByTime(50)
    wire.next({ type: 'waiting', attempt: 1, delayMs: 100, cause: 'offline' })
    expect(states).toMatchObject([
      { connection: 'connecting', data: '' },
      { connection: 'open', data: '' },
      { connection: 'open', data: 'a' },
      { connection: 'open', data: 'ab' },
      { connection: 'waiting', data: 'ab', retryAt: START_MS + 150 },
    ])
  })

  it('emits a failure as a state and completes', () => {
    const { wire, states, error, complete } = start()
    wire.messages('a')
    const refused = new WireError('http', 'refused')
    wire.error(refused)
    expect(states.at(-1)).toMatchObject({ connection: 'failed', data: 'a', error: refused })
    expect(complete).toHaveBeenCalledTimes(1)
    expect(error).not.toHaveBeenCalled()
  })

  it('passes on an error that is not a WireError', () => {
    const { wire, error, complete } = start()
    const bug = new RangeError('a bug')
    wire.error(bug)
    expect(error).toHaveBeenCalledExactlyOnceWith(bug)
    expect(complete).not.toHaveBeenCalled()
  })

  it('fails with the error that the fold throws', () => {
    const bug = new RangeError('a bug')
    const { wire, error } = start(() => {
      throw bug
    })
    wire.messages('a')
    expect(error).toHaveBeenCalledExactlyOnceWith(bug)
    expect(wire.observed).toBe(false)
  })

  it('folds separately for each subscription', () => {
    const wire = new WireSubject<string>()
    const folded = wire.pipe(foldWire('', (text: string, word: string) => text + word))
    const seen: string[] = []
    folded.subscribe()
    wire.messages('a')
    folded.subscribe(({ data }) => seen.push(data))
    wire.messages('b')
    expect(seen).toEqual(['b'])
  })

  it('throws a TypeError for a fold that is not a function', () => {
    expect(() => foldWire(0, 'sum' as unknown as () => number)).toThrow(
      new TypeError('foldWire: fold must be a function'),
    )
  })

  it('fails with a TypeError for a value that is not an event', () => {
    const error = vi.fn()
    const values = new WireSubject<WireEvent<string>>()
    values
      .pipe(
        messages(),
        foldWire(0, (count) => count + 1),
      )
      .subscribe({ error })
    values.messages('a' as unknown as WireEvent<string>)
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError))
  })

  it('emits closed once for a close event and completes with the wire', () => {
    const { wire, states, complete } = start()
    wire.next({ type: 'close', code: 1000, wasClean: true })
    expect(complete).not.toHaveBeenCalled()
    wire.complete()
    expect(states).toMatchObject([{ connection: 'closed', close: { code: 1000 } }])
    expect(complete).toHaveBeenCalledTimes(1)
  })

  it('emits closed when the wire completes without a close event', () => {
    const wire = new WireSubject<string>()
    const states: string[] = []
    wire.pipe(foldWire(0, (count) => count + 1)).subscribe(({ connection }) => states.push(connection))
    wire.next({ type: 'open' })
    wire.complete()
    expect(states).toEqual(['open', 'closed'])
  })
})
