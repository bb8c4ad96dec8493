import { Observable, Subject, take } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { operate } from '../../../src/operators/operate.ts'

const through = operate<number, number>((subscriber) => ({ next: (value) => subscriber.next(value) }))

describe('operate', () => {
  it('stops a synchronous source when the consumer unsubscribes during an emission', () => {
    let emitted = 0
    const source = new Observable<number>((subscriber) => {
      while (!subscriber.closed && emitted < 100) {
        emitted += 1
        subscriber.next(emitted)
      }
    })
    source.pipe(through, take(2)).subscribe()
    expect(emitted).toBe(2)
  })

  it('fails the consumer with the error that a stage throws and unsubscribes from the source', () => {
    const source = new Subject<number>()
    const bug = new RangeError('a bug')
    const [error, teardown] = [vi.fn(), vi.fn()]
    const faulty = operate<number, number>(() => ({
      next: () => {
        throw bug
      },
      teardown,
    }))
    source.pipe(faulty).subscribe({ error })
    expect(() => source.next(1)).not.toThrow()
    expect(error).toHaveBeenCalledExactlyOnceWith(bug)
    expect(source.observed).toBe(false)
    expect(teardown).toHaveBeenCalledTimes(1)
  })

  it('starts a stage for each subscription', () => {
    const start = vi.fn(() => ({ next: () => {} }))
    const operator = operate<number, number>(start)
    const source = new Subject<number>()
    expect(start).not.toHaveBeenCalled()
    source.pipe(operator).subscribe()
    source.pipe(operator).subscribe()
    expect(start).toHaveBeenCalledTimes(2)
  })

  it.each(['complete', 'error', 'unsubscribe'] as const)('tears a stage down once on %s', (how) => {
    const source = new Subject<number>()
    const teardown = vi.fn()
    const stage = operate<number, number>(() => ({ next: () => {}, teardown }))
    const subscription = source.pipe(stage).subscribe({ error: () => {} })
    if (how === 'unsubscribe') subscription.unsubscribe()
    else source[how](undefined)
    expect(teardown).toHaveBeenCalledTimes(1)
    expect(source.observed).toBe(false)
  })
})
