import type { WireMessage } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { accumulatorOf } from '../../src/accumulate.ts'

/** The initial view and the view after each message. */
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

describe('accumulatorOf', () => {
  it('keeps only the last message by default', () => {
    expect(shown({}, 'a', 'b')).toEqual([undefined, 'a', 'b'])
  })

  it('keeps the last `keep` messages', () => {
    expect(shown({ keep: 2 }, 'a', 'b', 'c')).toEqual([[], ['a'], ['a', 'b'], ['b', 'c']])
  })

  it('folds the messages with a fold function', () => {
    expect(shown({ initial: 'x', fold: (text, message) => `${text}${message}` }, 'a', 'b')).toEqual(['x', 'xa', 'xab'])
  })

  it.each<[string, Parameters<typeof accumulatorOf<string, unknown>>[0], unknown, unknown]>([
    ['the last message', {}, 'a', 'b'],
    ['the last `keep` messages', { keep: 2 }, ['x', 'a'], ['a', 'b']],
    ['more messages than `keep`', { keep: 2 }, ['w', 'x', 'a'], ['a', 'b']],
    ['a folded value', { initial: '', fold: (text, message) => `${text}${message}` }, 'xa', 'xab'],
  ])('resumes from %s', (_, options, data, next) => {
    const { fold, view, resume } = accumulatorOf<string, unknown>(options)
    const working = resume(data)
    expect(view(working)).toEqual(Array.isArray(data) ? data.slice(-2) : data)
    expect(view(fold(working, 'b', { type: 'message', data: 'b' }))).toEqual(next)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('throws a TypeError for a keep of %s', (keep) => {
    expect(() => accumulatorOf({ keep })).toThrow(TypeError)
    expect(() => accumulatorOf({ keep })).toThrow(/^keep must be/)
  })

  it('throws a TypeError for fold together with keep', () => {
    const make = () => accumulatorOf({ initial: 0, fold: () => 0, keep: 2 })
    expect(make).toThrow(new TypeError('fold and keep are mutually exclusive'))
  })

  it('throws a TypeError for a fold without initial', () => {
    const make = () => accumulatorOf<string, number>({ fold: () => 0 })
    expect(make).toThrow(new TypeError('fold needs initial, the data before the first message'))
  })

  it('accepts an initial that is undefined', () => {
    expect(accumulatorOf<string, undefined>({ initial: undefined, fold: () => undefined }).initial).toBeUndefined()
  })

  it('throws a TypeError for a fold that is not a function', () => {
    const make = () => accumulatorOf({ initial: 0, fold: 'none' as unknown as () => number })
    expect(make).toThrow(new TypeError('fold must be a function'))
  })
})
