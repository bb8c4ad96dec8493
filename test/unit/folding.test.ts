import type { WireMessage } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { accumulatorOf } from '../../src/accumulate.ts'

/** What is shown at first and after each message. */
function shown(options: Parameters<typeof accumulatorOf<string, unknown>>[0], ...messages: string[]): unknown[] {
  const { initial, fold, view } = accumulatorOf<string, unknown>(options)
  let working = initial
  return [
    view(working),
    ...messages.map((data) => {
      const event: WireMessage<string> = { type: 'message', data }
      working = fold(working, data, event)
      return view(working)
    }),
  ]
}

describe('foldingOf', () => {
  it('shows just the last message by default', () => {
    expect(shown({}, 'a', 'b')).toEqual([undefined, 'a', 'b'])
  })

  it('shows the last so many messages', () => {
    expect(shown({ keep: 2 }, 'a', 'b', 'c')).toEqual([[], ['a'], ['a', 'b'], ['b', 'c']])
  })

  it('shows what a fold makes of the messages', () => {
    expect(shown({ initial: 'x', fold: (text, message) => `${text}${message}` }, 'a', 'b')).toEqual(['x', 'xa', 'xab'])
  })

  it.each<[string, Parameters<typeof accumulatorOf<string, unknown>>[0], unknown, unknown]>([
    ['the last message', {}, 'a', 'b'],
    ['the last so many', { keep: 2 }, ['x', 'a'], ['a', 'b']],
    ['more than it keeps', { keep: 2 }, ['w', 'x', 'a'], ['a', 'b']],
    ['a fold', { initial: '', fold: (text, message) => `${text}${message}` }, 'xa', 'xab'],
  ])('goes on from what was shown of %s', (_, options, data, next) => {
    const { fold, view, resume } = accumulatorOf<string, unknown>(options)
    const working = resume(data)
    expect(view(working)).toEqual(Array.isArray(data) ? data.slice(-2) : data)
    expect(view(fold(working, 'b', { type: 'message', data: 'b' }))).toEqual(next)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses to keep %s messages', (keep) => {
    expect(() => accumulatorOf({ keep })).toThrow(TypeError)
    expect(() => accumulatorOf({ keep })).toThrow(/^keep must be/)
  })

  it('refuses a fold together with keep', () => {
    const make = () => accumulatorOf({ initial: 0, fold: () => 0, keep: 2 })
    expect(make).toThrow(new TypeError('fold and keep exclude each other'))
  })

  it('refuses a fold that is no function', () => {
    const make = () => accumulatorOf({ initial: 0, fold: 'none' as unknown as () => number })
    expect(make).toThrow(new TypeError('fold must be a function'))
  })
})
