import fc from 'fast-check'
import { type RecordParser, sse } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { cut, cuts, messagesOf, recordsOf } from '../support/decode-chunks.ts'
import { readEventStream } from '../support/sse-reference.ts'

const MIB = 1024 * 1024

const line = fc.constantFrom(
  'data: a',
  'data:☃',
  'data',
  'id: 1',
  'id: 2',
  'id',
  'event: tick',
  ': hm',
  'retry: 5',
  '',
  '',
)
const body = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 40 })
  .map((lines) => lines.flat().join(''))

describe('sse', () => {
  it('emits events with their name and their own id', () => {
    const stream = 'data: a\n\nid: 1\nevent: tick\ndata: b\n\ndata: c\n\nid: 2\n\ndata: d\n\nid\ndata: e\n\n'
    expect(recordsOf(sse(), [stream])).toStrictEqual([
      [{ data: 'a' }],
      [{ data: 'b', name: 'tick', id: '1' }, '1', 'tick'],
      [{ data: 'c' }],
      [{ data: 'd' }],
      [{ data: 'e' }, ''],
    ])
  })

  it('starts each body without an id', () => {
    const decoder = sse()
    expect(messagesOf(decoder, ['id: 1\ndata: a\n\n'])).toEqual([{ data: 'a', id: '1' }])
    expect(messagesOf(decoder, ['data: b\n\n'])).toEqual([{ data: 'b' }])
  })

  it.each([
    ['an event without its blank line', 'data: a\n\ndata: b\n', true],
    ['an event that ends inside of a line', 'data: a\n\ndata: b', true],
    ['a comment', 'data: a\n\n: bye', false],
    ['a block without data', 'data: a\n\nid: 7\nevent: b\n', false],
    ['a complete event', 'data: a\n\n', false],
    ['nothing', '', false],
  ])('says of a body that ends with %s whether it is incomplete', (_, text, isIncomplete) => {
    const events: unknown[] = []
    const parser = sse().start((event) => events.push(event)) as RecordParser<string>
    parser.push(text)
    expect(parser.end()).toBe(isIncomplete)
    expect(events).toHaveLength(text === '' ? 0 : 1)
  })

  it('passes ids without an event, and the delay before another request, to the control', () => {
    const control = { moveCursor: vi.fn(), gap: vi.fn(), retryAfter: vi.fn() }
    const parser = sse().start(() => {}, control) as RecordParser<string>
    parser.push('id: 1\n\nretry: 500\nid: 2\ndata: a\n\nid\n\nid: 3\n')
    expect(control.moveCursor.mock.calls).toEqual([['1'], ['']])
    expect(control.retryAfter.mock.calls).toEqual([[500]])
  })

  it('matches the reference implementation however the body is split into chunks', () => {
    fc.assert(
      fc.property(body, cuts, (text, positions) => {
        const expected = readEventStream(text).flatMap((said) => {
          if (said.says !== 'event') return []
          const { data, event: name, id } = said
          return [{ data, ...(name !== undefined && { name }), ...(id && { id }) }]
        })
        expect(messagesOf(sse(), [text])).toEqual(expected)
        expect(messagesOf(sse(), cut(text, positions))).toEqual(expected)
        expect(messagesOf(sse(), [...text])).toEqual(expected)
      }),
      { numRuns: 1_000 },
    )
  })

  it('passes the data of an event to a decode function as text', () => {
    expect(messagesOf(sse({ decode: Number }), ['data: 7\n\n'])).toEqual([{ data: 7 }])
  })

  it('passes the data of an event to a schema as parsed JSON', () => {
    const schema = z.object({ n: z.number() })
    const stream = 'data: {"n":1}\n\ndata: {"n":"2"}\n\ndata: {"n"\n\nid: 4\ndata: {"n":4}\n\n'
    expect(messagesOf(sse({ decode: schema }), [stream])).toEqual([{ data: { n: 1 } }, { data: { n: 4 }, id: '4' }])
  })

  it('decodes an event of nearly 8 Mi characters that arrives 32 characters at a time', () => {
    const length = 8 * MIB - 100
    const events: { data: string }[] = []
    const framer = sse().start((event) => events.push(event as { data: string }))
    const text = `data: ${'x'.repeat(length)}\n\n`
    for (let at = 0; at < text.length; at += 32) framer.push(text.slice(at, at + 32) as never)
    expect(events.map(({ data }) => data.length)).toEqual([length])
  })

  it('fails with an overflow error on an event longer than maxLength', () => {
    const overflow = expect.objectContaining({ kind: 'overflow' })
    const stream = 'data: 123\n\ndata: 123456\n\n'
    expect(() => messagesOf(sse({ maxLength: 5 }), [stream])).toThrow(overflow)
    expect(() => messagesOf(sse({ maxLength: 5 }), [...stream])).toThrow(overflow)
    expect(messagesOf(sse({ maxLength: 6 }), [stream])).toEqual([{ data: '123' }, { data: '123456' }])
  })

  it('names maxLength in the overflow error', () => {
    expect(() => messagesOf(sse({ maxLength: 5 }), ['data: 123456\n\n'])).toThrow(/\bmaxLength\b/)
  })

  it('throws a TypeError for invalid options', () => {
    expect(() => sse({ maxLength: 0 })).toThrow(/^sse: maxLength must be/)
    expect(() => sse({ decode: 'json' as never })).toThrow(TypeError)
  })
})
