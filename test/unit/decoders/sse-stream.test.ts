import fc from 'fast-check'
import { sse } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cut, cuts, handedOn, messagesOf } from '../support/frames.ts'
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
  it('hands on events, with the last id that the stream has given and their names', () => {
    const stream = 'data: a\n\nid: 1\nevent: tick\ndata: b\n\ndata: c\n\nid: 2\n\ndata: d\n\nid\ndata: e\n\n'
    expect(handedOn(sse(), [stream])).toStrictEqual([
      [{ data: 'a' }],
      [{ data: 'b', name: 'tick', id: '1' }, '1', 'tick'],
      [{ data: 'c', id: '1' }, '1'],
      [{ data: 'd', id: '2' }, '2'],
      [{ data: 'e', id: '' }, ''],
    ])
  })

  it('begins each body without an id', () => {
    const decoder = sse()
    expect(messagesOf(decoder, ['id: 1\ndata: a\n\n'])).toEqual([{ data: 'a', id: '1' }])
    expect(messagesOf(decoder, ['data: b\n\n'])).toEqual([{ data: 'b' }])
  })

  it('hands on nothing that has no blank line after it', () => {
    expect(messagesOf(sse(), ['data: a\n\ndata: b\n'])).toEqual([{ data: 'a' }])
  })

  it('says the same, whatever pieces a body comes in, and what the specification says', () => {
    fc.assert(
      fc.property(body, cuts, (text, positions) => {
        let id: string | undefined
        const expected = readEventStream(text).flatMap((said) => {
          if (said.says === 'id') id = said.id
          if (said.says !== 'event') return []
          const { data, event: name } = said
          return [{ data, ...(name !== undefined && { name }), ...(id !== undefined && { id }) }]
        })
        expect(messagesOf(sse(), [text])).toEqual(expected)
        expect(messagesOf(sse(), cut(text, positions))).toEqual(expected)
        expect(messagesOf(sse(), [...text])).toEqual(expected)
      }),
      { numRuns: 1_000 },
    )
  })

  it('decodes the data of an event with a function, which is given its text', () => {
    expect(messagesOf(sse({ decode: Number }), ['data: 7\n\n'])).toEqual([{ data: 7 }])
  })

  it('validates it with a schema, which is given the parsed JSON', () => {
    const schema = z.object({ n: z.number() })
    const stream = 'data: {"n":1}\n\ndata: {"n":"2"}\n\ndata: {"n"\n\nid: 4\ndata: {"n":4}\n\n'
    expect(messagesOf(sse({ decode: schema }), [stream])).toEqual([{ data: { n: 1 } }, { data: { n: 4 }, id: '4' }])
  })

  it('reads an event of nearly 8 Mi characters that comes in a quarter of a million pieces', () => {
    const length = 8 * MIB - 100
    const events: { data: string }[] = []
    const framer = sse().start((event) => events.push(event as { data: string }))
    const text = `data: ${'x'.repeat(length)}\n\n`
    for (let at = 0; at < text.length; at += 32) framer.push(text.slice(at, at + 32) as never)
    expect(events.map(({ data }) => data.length)).toEqual([length])
  })

  it('fails with an overflow on an event past its bound', () => {
    const overflow = expect.objectContaining({ kind: 'overflow' })
    const stream = 'data: 123\n\ndata: 123456\n\n'
    expect(() => messagesOf(sse({ maxLength: 5 }), [stream])).toThrow(overflow)
    expect(() => messagesOf(sse({ maxLength: 5 }), [...stream])).toThrow(overflow)
    expect(messagesOf(sse({ maxLength: 6 }), [stream])).toEqual([{ data: '123' }, { data: '123456' }])
  })

  it('names in the error of an overflow the option that there is', () => {
    expect(() => messagesOf(sse({ maxLength: 5 }), ['data: 123456\n\n'])).toThrow(/\bmaxLength\b/)
  })

  it('refuses options that make no sense', () => {
    expect(() => sse({ maxLength: 0 })).toThrow(/^sse: maxLength must be/)
    expect(() => sse({ decode: 'json' as never })).toThrow(TypeError)
  })
})
