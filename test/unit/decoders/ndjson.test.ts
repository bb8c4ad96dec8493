import fc from 'fast-check'
import { ndjson, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { countJoins, cut, cuts, messagesOf } from '../support/frames.ts'

const rows = fc.array(fc.jsonValue(), { maxLength: 12 })
const ends = fc.array(fc.constantFrom('\n', '\r\n', '\n\n', '\n \r\n'), { minLength: 12, maxLength: 12 })

describe('ndjson', () => {
  it('reads a value of each line', () => {
    expect(messagesOf(ndjson(), ['{"n":1}\n"two"\n3\nnull\n'])).toEqual([{ n: 1 }, 'two', 3, null])
  })

  it('passes over lines of white space', () => {
    expect(messagesOf(ndjson(), ['\n1\n\r\n \t\n2\n\n'])).toEqual([1, 2])
  })

  it('takes lines of white space for no message at all, not for a bad one', () => {
    const frames: unknown[] = []
    const framer = ndjson().start((frame) => frames.push(frame))
    framer.push('\n1\n\r\n \t\n2\n\n' as never)
    expect(frames).toEqual(['1', '2'])
  })

  it('reads a last line that is not ended', () => {
    expect(messagesOf(ndjson(), ['1\n{"a":', '2}'])).toEqual([1, { a: 2 }])
  })

  it('says the same, whatever pieces a body comes in', () => {
    fc.assert(
      fc.property(rows, ends, cuts, fc.boolean(), (values, separators, positions, isEnded) => {
        const lines = values.map((value, index) => JSON.stringify(value) + separators[index])
        const body = isEnded ? lines.join('') : lines.join('').trimEnd()
        // JSON has no -0.
        const expected = JSON.parse(JSON.stringify(values))
        expect(messagesOf(ndjson(), cut(body, positions))).toEqual(expected)
        expect(messagesOf(ndjson(), [...body])).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('takes a line that is no JSON for a bad message, and goes on', () => {
    expect(messagesOf(ndjson(), ['1\n{"n":\n2\n'])).toEqual([1, 2])
  })

  it('decodes with a function, which is given the value', () => {
    expect(messagesOf(ndjson({ decode: (value) => [value] }), ['{"n":1}\n2'])).toEqual([[{ n: 1 }], [2]])
  })

  it('takes what a function throws for a bad message', () => {
    const decode = (value: unknown) => {
      if (value === 2) throw new RangeError('two')
      return value
    }
    expect(messagesOf(ndjson({ decode }), ['1\n2\n3'])).toEqual([1, 3])
  })

  it('validates with a schema, and takes what it makes of the value', () => {
    const schema = z.object({ n: z.number().transform(String) })
    expect(messagesOf(ndjson({ decode: schema }), ['{"n":1}\n{"n":"2"}\n{"n":3}'])).toEqual([{ n: '1' }, { n: '3' }])
  })

  it('joins the pieces of a long line once', () => {
    const framer = ndjson().start(() => {})
    const counts = countJoins(() => {
      for (let n = 0; n < 100_000; n += 1) framer.push(' ' as never)
      framer.push('1\n' as never)
    })
    expect(counts).toEqual({ joins: 1, pieces: 100_001 })
  })

  it('fails with an overflow on a line past its bound', () => {
    expect(() => messagesOf(ndjson({ maxLength: 5 }), ['1\n"12345"\n'])).toThrow(WireError)
    expect(messagesOf(ndjson({ maxLength: 5 }), ['1\n"123"\n'])).toEqual([1, '123'])
  })

  it('refuses options that make no sense', () => {
    expect(() => ndjson({ maxLength: 0 })).toThrow(/^ndjson: maxLength must be/)
    expect(() => ndjson({ decode: 'json' as never })).toThrow(TypeError)
  })
})
