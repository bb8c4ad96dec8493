import { json } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const utf8 = new TextEncoder()
const schema = z.object({ price: z.string().transform(Number) })
const later = z.number().refine(async (price) => price > 0, 'too cheap')

describe('decode of json()', () => {
  it.each([
    ['text', '{"price":3}', { price: 3 }],
    ['an ArrayBuffer', utf8.encode('{"price":"€"}').buffer, { price: '€' }],
    ['a view of bytes', utf8.encode('x[1]').subarray(1), [1]],
    ['parsed input', { price: 3 }, { price: 3 }],
    ['a number', 3, 3],
    ['null', null, null],
    ['an empty body', undefined, undefined],
  ])('returns the value of %s', (_, input, expected) => {
    expect(json().decode(input)).toEqual(expected)
  })

  it('reads a Blob later', async () => {
    expect(await json().decode(new Blob(['{"price":3}']))).toEqual({ price: 3 })
    await expect(json().decode(new Blob(['{']))).rejects.toThrow(SyntaxError)
  })

  it.each<[string, unknown]>([
    ['text that is not JSON', '{"price":'],
    ['an empty text', ''],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('throws for %s', (_, input) => {
    expect(() => json().decode(input)).toThrow()
  })

  it('keeps a key named __proto__ as an ordinary key', () => {
    const value = json<object>().decode('{"__proto__":{"admin":true},"constructor":1}')
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect('admin' in value).toBe(false)
  })

  it('returns the output of a schema, and throws its issues', () => {
    expect(json(schema).decode('{"price":"3"}')).toEqual({ price: 3 })
    expect(json(schema).decode({ price: '3' })).toEqual({ price: 3 })
    expect(() => json(schema).decode('{"price":3}')).toThrow('expected string')
  })

  it('returns a promise for an asynchronous schema', async () => {
    expect(await json(later).decode('3')).toBe(3)
    await expect(json(later).decode('0')).rejects.toThrow('too cheap')
  })
})

describe('encode of json()', () => {
  it.each<[unknown, string]>([
    [{ say: 'hello' }, '{"say":"hello"}'],
    ['hello', '"hello"'],
    [null, 'null'],
  ])('encodes %j', (message, text) => {
    expect(json().encode(message)).toBe(text)
  })

  it('does not validate with the schema', () => {
    expect(json(schema).encode({ price: 3 })).toBe('{"price":3}')
  })

  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic

  it.each<[string, unknown]>([
    ['a BigInt', { n: 1n }],
    ['a cycle', cyclic],
    ['a function', () => {}],
    ['undefined', undefined],
  ])('names the option if the message is %s', (_, message) => {
    expect(() => json().encode(message)).toThrow(TypeError)
    expect(() => json().encode(message)).toThrow(/^encode: a message .*cannot be encoded as JSON/)
  })
})

it('is a Standard Schema of parsed input, and frozen', () => {
  const codec = json<number>()
  expect(codec['~standard']).toMatchObject({ version: 1, vendor: 'rxwire' })
  expect(codec['~standard'].validate('3')).toEqual({ value: '3' })
  expect(json(schema)['~standard'].validate({ price: '3' })).toEqual({ value: { price: 3 } })
  expect(Object.isFrozen(codec)).toBe(true)
})

it('throws a TypeError for a schema that is not one', () => {
  for (const wrong of [{}, '{"price":3}', () => {}, null]) {
    expect(() => json(wrong as never)).toThrow(new TypeError('json: schema must be a Standard Schema'))
  }
})
