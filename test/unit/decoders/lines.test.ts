import fc from 'fast-check'
import { lines } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { countJoins, cut, cuts, messagesOf } from '../support/frames.ts'

const MIB = 1024 * 1024

/** Another way to say what lines are. */
function linesOf(body: string): string[] {
  const parts = body.split('\n')
  if (parts.at(-1) === '') parts.pop()
  return parts.map((line) => line.replace(/\r$/, ''))
}

const body = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\n', '\r\n', '\r', '☃', '😀'), maxLength: 80 })

describe('lines', () => {
  it.each<[string, string, string[]]>([
    ['lines that are ended by LF', 'a\nb\n', ['a', 'b']],
    ['lines that are ended by CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['a last line that is not ended', 'a\nb', ['a', 'b']],
    ['a last line that is ended by half a CRLF', 'a\nb\r', ['a', 'b']],
    ['empty lines', '\n\r\n\na\n', ['', '', '', 'a']],
    ['white space as it is', ' a \n\t\n', [' a ', '\t']],
    ['a CR within a line as it is', 'a\rb\nc\r\r\n', ['a\rb', 'c\r']],
    ['no line in nothing', '', []],
    ['a byte order mark as no part of the first line', '\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
  ])('reads %s', (_, text, expected) => {
    expect(messagesOf(lines(), [text])).toEqual(expected)
    expect(messagesOf(lines(), [...text])).toEqual(expected)
  })

  it('says the same, whatever pieces a body comes in', () => {
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

  it('hands on a line as soon as it is whole', () => {
    const handed: unknown[] = []
    const framer = lines().start((line) => handed.push(line))
    framer.push('a\nb' as never)
    expect(handed).toEqual(['a'])
    framer.push('\n' as never)
    expect(handed).toEqual(['a', 'b'])
    framer.end()
    expect(handed).toEqual(['a', 'b'])
  })

  it('joins the pieces of a long line once: twice as many are twice the work', () => {
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

  it('joins nothing where a line comes in one piece', () => {
    expect(countJoins(() => messagesOf(lines(), ['a\nb\n', 'c\n']))).toEqual({ joins: 0, pieces: 0 })
  })

  it('reads two lines of 8 Mi characters that come 63 characters at a time', () => {
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

  describe('with a bound of 10', () => {
    const bound = lines({ maxLength: 10 })

    it.each([
      ['a long line', 'xxxxxxxxxxx\n'],
      ['a line that never ends', 'xxxxxxxxxxx'],
      ['a long line after a short one', 'x\nxxxxxxxxxxx\n'],
    ])('refuses %s, in one piece or in many', (_, text) => {
      const overflow = expect.objectContaining({ kind: 'overflow', retryable: false })
      expect(() => messagesOf(bound, [text])).toThrow(overflow)
      expect(() => messagesOf(bound, [...text])).toThrow(overflow)
      expect(() => messagesOf(bound, [...text])).toThrow(/longer than 10 characters.*maxLength/)
    })

    it('holds on to no more than the bound', () => {
      const framer = bound.start(() => {})
      for (let n = 0; n < 10; n += 1) framer.push('x' as never)
      expect(() => framer.push('x' as never)).toThrow()
    })

    it.each([
      ['LF', '\n'],
      ['CRLF', '\r\n'],
      ['the end', ''],
    ])('lets a line of just that length pass, ended by %s', (_, end) => {
      expect(messagesOf(bound, [`xxxxxxxxxx${end}`])).toEqual(['xxxxxxxxxx'])
      expect(messagesOf(bound, [...`xxxxxxxxxx${end}`])).toEqual(['xxxxxxxxxx'])
    })

    it('bounds each line, not the body', () => {
      expect(messagesOf(bound, Array(1_000).fill('abc\n'))).toHaveLength(1_000)
    })
  })

  it.each([0, -1, Number.NaN])('refuses %d as a bound', (maxLength) => {
    expect(() => lines({ maxLength })).toThrow(TypeError)
  })
})
