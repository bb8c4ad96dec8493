import fc from 'fast-check'
import { ndjson, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { countJoins, cut, cuts, messagesOf } from '../support/decode-chunks.ts'

const rows = fc.array(fc.jsonValue(), { maxLength: 12 })
const ends = fc.array(fc.constantFrom('\n', '\r\n', '\n\n', '\n \r\n'), { minLength: 12, maxLength: 12 })

describe('ndjson', () => {
  it('decodes one JSON value per line', () => {
    expect(messagesOf(ndjson(), ['{"n":1}\n"two"\n3\nnull\n'])).toEqual([{ n: 1 }, 'two', 3, null])
  })

  it('skips blank lines', () => {
    expect(messagesOf(ndjson(), ['\n1\n\r\n \t\n2\n\n'])).toEqual([1, 2])
  })

  it('emits no record for a blank line, so it does not count as a bad message', () => {
    const frames: unknown[] = []
    const framer = ndjson().start((frame) => frames.push(frame))
    framer.push('\n1\n\r\n \t\n2\n\n' as never)
    expect(frames).toEqual(['1', '2'])
  })

  it('decodes a last line without a line end', () => {
    expect(messagesOf(ndjson(), ['1\n{"a":', '2}'])).toEqual([1, { a: 2 }])
  })

  it('decodes the same values however the body is split into chunks', () => {
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

  it('skips a line that is not JSON as a bad message', () => {
    expect(messagesOf(ndjson(), ['1\n{"n":\n2\n'])).toEqual([1, 2])
  })

  it('passes the parsed value to a decode function', () => {
    expect(messagesOf(ndjson({ decode: (value) => [value] }), ['{"n":1}\n2'])).toEqual([[{ n: 1 }], [2]])
  })

  it('skips a message whose decode function throws', () => {
    const decode = (value: unknown) => {
      if (value === 2) throw new RangeError('two')
      return value
    }
    expect(messagesOf(ndjson({ decode }), ['1\n2\n3'])).toEqual([1, 3])
  })

  it('validates with a schema and emits its output', () => {
    const schema = z.object({ n: z.number().transform(String) })
    expect(messagesOf(ndjson({ decode: schema }), ['{"n":1}\n{"n":"2"}\n{"n":3}'])).toEqual([{ n: '1' }, { n: '3' }])
  })

  it('joins the chunks of a long line once', () => {
    const framer = ndjson().start(() => {})
    const counts = countJoins(() => {
      for (let n = 0; n < 100_000; n += 1) framer.push(' ' as never)
      framer.push('1\n' as never)
    })
    expect(counts).toEqual({ joins: 1, pieces: 100_001 })
  })

  it('fails with an overflow error on a line longer than maxLength', () => {
    expect(() => messagesOf(ndjson({ maxLength: 5 }), ['1\n"12345"\n'])).toThrow(WireError)
    expect(messagesOf(ndjson({ maxLength: 5 }), ['1\n"123"\n'])).toEqual([1, '123'])
  })

  it('throws a TypeError for invalid options', () => {
    expect(() => ndjson({ maxLength: 0 })).toThrow(/^ndjson: maxLength must be/)
    expect(() => ndjson({ decode: 'json' as never })).toThrow(TypeError)
  })
})
