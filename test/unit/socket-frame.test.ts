import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { encodeFrame, frameBytes, frameEncoder } from '../../src/socket-frame.ts'

describe('frameBytes', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['\u007f\u0080', 3],
    ['\u07ff\u0800', 5],
    ['\ud7ff\ue000\uffff', 9],
    ['€', 3],
    ['😀', 4],
    ['a😀b', 6],
  ])('counts the bytes of %j', (text, bytes) => {
    expect(frameBytes(text)).toBe(bytes)
  })

  it('matches the UTF-8 length of any text', () => {
    const encoder = new TextEncoder()
    // Random text rarely contains the code points at which the UTF-8 length changes.
    const edge = fc.constantFrom(0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff)
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        edge.map((code) => String.fromCodePoint(code)),
      ),
    })
    fc.assert(
      fc.property(text, (each) => {
        expect(frameBytes(each)).toBe(encoder.encode(each).length)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each<[string, BufferSource | Blob, number]>([
    ['an ArrayBuffer', new ArrayBuffer(7), 7],
    ['a view of part of a buffer', new Uint16Array(new ArrayBuffer(20), 4, 3), 6],
    ['a DataView', new DataView(new ArrayBuffer(9), 2), 7],
    ['a Blob', new Blob(['€', 'a']), 4],
    ['an empty view', new Uint8Array(0), 0],
  ])('counts the bytes of %s', (_, frame, bytes) => {
    expect(frameBytes(frame)).toBe(bytes)
  })
})

describe('encodeFrame', () => {
  it.each([
    ['text', 'as it "is"'],
    ['an ArrayBuffer', new ArrayBuffer(3)],
    ['a view', new Uint8Array(3)],
    ['a DataView', new DataView(new ArrayBuffer(3))],
    ['a Blob', new Blob(['a'])],
  ])('returns %s unchanged', (_, message) => {
    expect(encodeFrame(message)).toBe(message)
  })

  it.each([
    [{ a: [1, 'ä'] }, '{"a":[1,"ä"]}'],
    [null, 'null'],
    [7, '7'],
    [true, 'true'],
    [[], '[]'],
    [{ toJSON: () => 'said' }, '"said"'],
  ])('encodes %j as JSON', (message, frame) => {
    expect(encodeFrame(message)).toBe(frame)
  })

  it.each([[undefined], [() => 1], [Symbol('s')], [1n]])('throws for a value without a JSON form: %s', (message) => {
    expect(() => encodeFrame(message)).toThrow(TypeError)
  })

  it('works on hosts without Blob', () => {
    vi.stubGlobal('Blob', undefined)
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    expect(encodeFrame({ a: 1 })).toBe('{"a":1}')
    expect(encodeFrame('a')).toBe('a')
  })
})

describe('frameEncoder', () => {
  it('sends text unchanged and other values as JSON by default', () => {
    expect(frameEncoder()({ a: 1 })).toBe('{"a":1}')
    expect(frameEncoder()('a')).toBe('a')
  })

  it('encodes with a function', () => {
    expect(frameEncoder<number>((message) => `<${message}>`)(7)).toBe('<7>')
  })

  it('validates with a schema and encodes its output', () => {
    const schema = z.object({ at: z.date().transform((date) => date.getTime()), unit: z.string().default('ms') })
    expect(frameEncoder(schema)({ at: new Date(5) })).toBe('{"at":5,"unit":"ms"}')
    expect(frameEncoder(z.instanceof(Uint8Array))(new Uint8Array(2))).toEqual(new Uint8Array(2))
  })

  it('treats a callable schema as a schema', () => {
    const callable = Object.assign(() => 'called', { '~standard': { validate: () => ({ value: 'validated' }) } })
    expect(frameEncoder(callable)('x')).toBe('validated')
  })

  it('throws a TypeError with the issues of a schema', () => {
    const encode = frameEncoder(z.object({ a: z.number('a is no number') }))
    expect(() => encode({ a: 'b' as never })).toThrow(new TypeError('a is no number'))
  })
})
