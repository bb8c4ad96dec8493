import { of } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { messages, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { WireSubject } from '../support/wire-subject.ts'

describe('messages', () => {
  it('emits the data of messages and nothing else', () => {
    const wire = new WireSubject<string | undefined>()
    const seen: unknown[] = []
    wire.pipe(messages()).subscribe((data) => seen.push(data))
    wire.open()
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    wire.messages('a', undefined, 'b')
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    wire.next({ type: 'close', wasClean: true })
    expect(seen).toEqual(['a', undefined, 'b'])
  })

  it('passes on errors and completion', () => {
    const failing = new WireSubject<string>()
    const [error, complete] = [vi.fn(), vi.fn()]
    failing.pipe(messages()).subscribe({ error })
    const refused = new WireError('http', 'refused')
    failing.error(refused)
    expect(error).toHaveBeenCalledExactlyOnceWith(refused)
    const ending = new WireSubject<string>()
    ending.pipe(messages()).subscribe({ complete })
    ending.complete()
    expect(complete).toHaveBeenCalledTimes(1)
  })

  it.each<[string, unknown, string]>([
    ['a text', 'a', 'string'],
    ['null', null, 'null'],
    ['an object of another type', { type: 'tick' }, 'object'],
  ])('fails with a TypeError for %s in place of an event', (_, value, type) => {
    const error = vi.fn()
    of(value as WireEvent<string>)
      .pipe(messages())
      .subscribe({ error })
    const message = `messages needs the events of a wire, got ${type}. Apply messages() once, and last`
    expect(error).toHaveBeenCalledExactlyOnceWith(new TypeError(message))
  })

  it('works with marbles of RxJS', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
      const events: Record<string, WireEvent<number>> = {
        o: { type: 'open' },
        m: { type: 'message', data: 7 },
        x: { type: 'close', wasClean: true },
      }
      expectObservable(cold('o-m-(x|)', events).pipe(messages())).toBe('--a-|', { a: 7 })
    })
  })

  it('fails with a TypeError after another messages()', () => {
    const wire = new WireSubject<WireEvent<string>>()
    const error = vi.fn()
    wire.pipe(messages(), messages()).subscribe({ error })
    wire.messages('a' as unknown as WireEvent<string>)
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError))
  })
})
