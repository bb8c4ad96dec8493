import fc from 'fast-check'
import { isWireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { sseDecoder } from '../../../src/decoders/event-stream.ts'
import { readEventStream, type Said } from '../support/sse-reference.ts'

/** What the decoder reads from these chunks, and whether they end in an overflow. */
function read(pieces: readonly string[], maxEventLength = 1_000_000): { said: Said[]; overflow: boolean } {
  const said: Said[] = []
  const decoder = sseDecoder(
    {
      onEvent: (data, id, event) => said.push({ says: 'event', data, event, id }),
      onId: (id) => said.push({ says: 'id', id }),
      onRetry: (delayMs) => said.push({ says: 'retry', delayMs }),
      onComment: () => said.push({ says: 'comment' }),
    },
    maxEventLength,
  )
  try {
    for (const piece of pieces) decoder.push(piece)
    return { said, overflow: false }
  } catch (error) {
    if (!isWireError(error) || error.kind !== 'overflow') throw error
    return { said, overflow: true }
  }
}

function cut(text: string, positions: readonly number[]): string[] {
  const ends = positions.map((position) => position % (text.length + 1)).sort((a, b) => a - b)
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end))
}

const cuts = fc.array(fc.nat(), { maxLength: 30 })
const word = fc.string({ unit: fc.constantFrom(...'ab :é☃😀\t7'), maxLength: 6 })
const lineEnd = fc.constantFrom('\n', '\r', '\r\n')
const line = fc.oneof(
  { weight: 5, arbitrary: word.map((value) => `data:${value}`) },
  { weight: 3, arbitrary: word.map((value) => `data: ${value}`) },
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: word.map((value) => `id: ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('data', 'id', 'event', 'retry', 'id: a\0b', 'event:', 'datas: x', 'Data: x', ' data: x'),
  },
  { weight: 1, arbitrary: word.map((value) => `event: ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('retry: 100', 'retry:3000', 'retry: 1.5', 'retry: -1', 'retry: 1e3', 'retry: x'),
  },
  { weight: 1, arbitrary: word.map((value) => `:${value}`) },
  { weight: 1, arbitrary: word },
)
const stream = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(line, lineEnd), { maxLength: 40 }),
    fc.constantFrom('', 'data: cut', 'id'),
  )
  .map(([bom, lines, rest]) => bom + lines.flat().join('') + rest)

const event = (data: string, name?: string, id?: string): Said => ({ says: 'event', data, event: name, id })

describe('sseDecoder', () => {
  it.each<[string, string, Said[]]>([
    ['an event', 'data: a\n\n', [event('a')]],
    ['only the first space as a separator', 'data:  a \n\n', [event(' a ')]],
    ['several data lines as one text', 'data: a\ndata\ndata: b\n\n', [event('a\n\nb')]],
    ['an empty event', 'data\n\n', [event('')]],
    ['a name that applies to one event', 'event: tick\ndata: a\n\ndata: b\n\n', [event('a', 'tick'), event('b')]],
    ['no event from a name without data', 'event: tick\n\ndata: a\n\n', [event('a')]],
    ['an id with its event', 'id: 1\ndata: a\n\n', [event('a', undefined, '1')]],
    ['no id of an earlier event', 'id: 1\ndata: a\n\ndata: b\n\n', [event('a', undefined, '1'), event('b')]],
    ['no id of an incomplete block', 'data: a\n\nid: 2\n', [event('a')]],
    ['an id without an event', 'id: 1\n\n', [{ says: 'id', id: '1' }]],
    ['an empty id', 'id\n\n', [{ says: 'id', id: '' }]],
    ['no id that contains NUL', 'id: 1\0\ndata: a\n\n', [event('a')]],
    ['retry of digits only', 'retry: 50\nretry: 5 s\nretry: -1\nretry\n', [{ says: 'retry', delayMs: 50 }]],
    ['comments', ': hello\n:\n', [{ says: 'comment' }, { says: 'comment' }]],
    ['nothing from unknown fields', 'Data: a\nfoo: b\nbar\n\n', []],
    ['a byte order mark only at the start', '\uFEFFdata: a\n\n\uFEFFdata: b\n\n', [event('a')]],
    ['no event without a blank line after it', 'data: a\n\nid: 2\ndata: b\n', [event('a')]],
    ['CR, LF and CRLF as line ends', 'data: a\r\rdata: b\n\r\ndata: c\r\n\n', [event('a'), event('b'), event('c')]],
  ])('reads %s', (_, text, expected) => {
    expect(read([text]).said).toEqual(expected)
    expect(read([...text]).said).toEqual(expected)
  })

  it('matches the reference implementation however the stream is split into chunks', () => {
    fc.assert(
      fc.property(stream, cuts, (text, positions) => {
        const expected = readEventStream(text)
        expect(read([text]).said).toEqual(expected)
        expect(read(cut(text, positions)).said).toEqual(expected)
        expect(read([...text]).said).toEqual(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never throws anything but an overflow error, whatever the text', () => {
    const noise = fc.string({
      unit: fc.constantFrom('data', 'id', 'event', 'retry', ':', ' ', '\r', '\n', '\0', '9', '\uFEFF', '\xEF'),
    })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), noise), cuts, fc.nat(30), (text, positions, bound) => {
        const { said } = read(cut(text, positions), bound)
        for (const each of said) if (each.says === 'event') expect(each.data.length).toBeLessThanOrEqual(bound)
      }),
      { numRuns: 2_000 },
    )
  })

  describe('with a maxEventLength of 10', () => {
    it.each([
      ['one long line', `data: ${'x'.repeat(11)}\n\n`],
      ['many lines', `${'data: xx\n'.repeat(4)}\n`],
      ['many empty lines', `${'data\n'.repeat(12)}\n`],
      ['a line that never ends', `data: ${'x'.repeat(11)}`],
      ['lines that never end', 'data: xx\n'.repeat(6)],
      ['a long event after a short one', `data: x\n\ndata: ${'x'.repeat(11)}\n\n`],
      ['CRLF', `${'data: xx\r\n'.repeat(4)}\r\n`],
    ])('fails on %s, in one chunk or in many', (_, text) => {
      expect(read([text], 10).overflow).toBe(true)
      expect(read([...text], 10).overflow).toBe(true)
    })

    it('does not count comments, however they are split', () => {
      const long = `:${'x'.repeat(100)}\n\ndata: a\n\n:${'x'.repeat(100)}`
      for (const pieces of [[long], [...long], [long.slice(0, 50), long.slice(50)]]) {
        const { said, overflow } = read(pieces, 10)
        expect(overflow).toBe(false)
        expect(said.filter(({ says }) => says === 'event')).toEqual([event('a')])
      }
    })

    it('emits the events before the overflow', () => {
      expect(read([`data: a\n\ndata: ${'x'.repeat(11)}\n\ndata: b\n\n`], 10).said).toEqual([event('a')])
    })

    it('accepts an event of exactly that length, in one chunk or in many', () => {
      const stream = `data: ${'x'.repeat(10)}\n\n`
      const expected = { said: [event('x'.repeat(10))], overflow: false }
      expect(read([stream], 10)).toEqual(expected)
      expect(read([...stream], 10)).toEqual(expected)
    })

    it('emits the same events and fails on the same event however the data is split into chunks', () => {
      const dataLine = fc.oneof(
        fc.constant(''),
        word.map((value) => `data: ${value}`),
      )
      // Every event is complete: whether an incomplete one overflows depends on where the data is split.
      const data = fc
        .array(fc.tuple(dataLine, lineEnd), { maxLength: 20 })
        .map((lines) => `${lines.flat().join('')}\n\n`)
      fc.assert(
        fc.property(data, cuts, (text, positions) => {
          expect(read(cut(text, positions), 10)).toEqual(read([text], 10))
          expect(read([...text], 10)).toEqual(read([text], 10))
        }),
        { numRuns: 1_000 },
      )
    })

    it('bounds each event, not the stream', () => {
      const { said, overflow } = read(
        Array.from({ length: 1_000 }, () => 'data: abc\n\n'),
        10,
      )
      expect(overflow).toBe(false)
      expect(said).toHaveLength(1_000)
    })

    it('skips a long line of an unknown field', () => {
      expect(read([...`nonsense${'x'.repeat(100)}\ndata: a\n\n`], 10)).toEqual({ said: [event('a')], overflow: false })
    })
  })

  it('names the limit and maxEventLength in the overflow error', () => {
    const decoder = sseDecoder({ onEvent: () => {}, onId: () => {}, onRetry: () => {}, onComment: () => {} }, 3)
    expect(() => decoder.push('data: abcd\n\n')).toThrow(/longer than 3 characters.*maxEventLength/)
  })
})
