import fc from 'fast-check'
import { lines } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { countJoins, cut, cuts, messagesOf } from '../support/decode-chunks.ts'

const MIB = 1024 * 1024

/** A second, simpler implementation to compare with. */
function linesOf(body: string): string[] {
  const parts = body.split('\n')
  if (parts.at(-1) === '') parts.pop()
  return parts.map((line) => line.replace(/\r$/, ''))
}

const body = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\n', '\r\n', '\r', '☃', '😀'), maxLength: 80 })

describe('lines', () => {
  it.each<[string, string, string[]]>([
    ['lines that end with LF', 'a\nb\n', ['a', 'b']],
    ['lines that end with CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['a last line without a line end', 'a\nb', ['a', 'b']],
    ['a last line that ends with CR', 'a\nb\r', ['a', 'b']],
    ['empty lines', '\n\r\n\na\n', ['', '', '', 'a']],
    ['white space unchanged', ' a \n\t\n', [' a ', '\t']],
    ['a CR within a line as part of it', 'a\rb\nc\r\r\n', ['a\rb', 'c\r']],
    ['no line from an empty body', '', []],
    ['the first line without its byte order mark', '\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
  ])('reads %s', (_, text, expected) => {
    expect(messagesOf(lines(), [text])).toEqual(expected)
    expect(messagesOf(lines(), [...text])).toEqual(expected)
  })

  it('decodes the same lines however the body is split into chunks', () => {
    fc.assert(
      fc.property(body, cuts, (text, positions) => {
        const expected = linesOf(text)
        expect(messagesOf(lines(), [text])).toEqual(expected)
        expect(messagesOf(lines(), cut(text, positions))).toEqual(expected)
        expect(messagesOf(lines(), [...text])).toEqual(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('emits a line as soon as it is complete', () => {
    const handed: unknown[] = []
    const framer = lines().start((line) => handed.push(line))
    framer.push('a\nb' as never)
    expect(handed).toEqual(['a'])
    framer.push('\n' as never)
    expect(handed).toEqual(['a', 'b'])
    framer.end()
    expect(handed).toEqual(['a', 'b'])
  })

  it('joins the chunks of a long line once, so the cost grows linearly', () => {
    const decoder = lines()
    const feed = (pieces: number) => {
      const handed: unknown[] = []
      const framer = decoder.start((line) => handed.push(line))
      const counts = countJoins(() => {
        for (let n = 0; n < pieces; n += 1) framer.push('abcdefgh' as never)
        framer.push('\nnext' as never)
      })
      expect(handed).toEqual([expect.any(String)])
      expect((handed[0] as string).length).toBe(pieces * 8)
      return counts
    }
    expect(feed(50_000)).toEqual({ joins: 1, pieces: 50_000 })
    expect(feed(100_000)).toEqual({ joins: 1, pieces: 100_000 })
  })

  it('does not join a line that arrives in one chunk', () => {
    expect(countJoins(() => messagesOf(lines(), ['a\nb\n', 'c\n']))).toEqual({ joins: 0, pieces: 0 })
  })

  it('decodes two lines of 8 Mi characters that arrive 63 characters at a time', () => {
    const line = 'x'.repeat(8 * MIB)
    let count = 0
    const framer = lines().start((handed) => {
      expect((handed as string).length).toBe(line.length)
      count += 1
    })
    const text = `${line}\n`
    for (let n = 0; n < 2; n += 1) {
      for (let at = 0; at < text.length; at += 63) framer.push(text.slice(at, at + 63) as never)
    }
    expect(count).toBe(2)
  })

  describe('with a maxLength of 10', () => {
    const bound = lines({ maxLength: 10 })

    it.each([
      ['a long line', 'xxxxxxxxxxx\n'],
      ['a line that never ends', 'xxxxxxxxxxx'],
      ['a long line after a short one', 'x\nxxxxxxxxxxx\n'],
    ])('fails on %s, in one chunk or in many', (_, text) => {
      const overflow = expect.objectContaining({ kind: 'overflow', retryable: false })
      expect(() => messagesOf(bound, [text])).toThrow(overflow)
      expect(() => messagesOf(bound, [...text])).toThrow(overflow)
      expect(() => messagesOf(bound, [...text])).toThrow(/longer than 10 characters.*maxLength/)
    })

    it('buffers at most maxLength characters', () => {
      const framer = bound.start(() => {})
      for (let n = 0; n < 10; n += 1) framer.push('x' as never)
      expect(() => framer.push('x' as never)).toThrow()
    })

    it.each([
      ['LF', '\n'],
      ['CRLF', '\r\n'],
      ['the end of the body', ''],
    ])('accepts a line of exactly that length, ended by %s', (_, end) => {
      expect(messagesOf(bound, [`xxxxxxxxxx${end}`])).toEqual(['xxxxxxxxxx'])
      expect(messagesOf(bound, [...`xxxxxxxxxx${end}`])).toEqual(['xxxxxxxxxx'])
    })

    it('bounds each line, not the body', () => {
      expect(messagesOf(bound, Array(1_000).fill('abc\n'))).toHaveLength(1_000)
    })
  })

  it.each([0, -1, Number.NaN])('throws a TypeError for a maxLength of %d', (maxLength) => {
    expect(() => lines({ maxLength })).toThrow(TypeError)
  })
})
