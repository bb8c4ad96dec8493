import { setHintHandler, WireError } from 'rxwire'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import {
  messageDecoder,
  requireBadMessagePolicy,
  requireDecode,
  SKIPPED,
} from '../../../src/decoders/decode-message.ts'

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('messageDecoder', () => {
  it('decodes with a function', () => {
    expect(messageDecoder(Number)('7')).toBe(7)
  })

  it('passes the raw message to a function even if a schema would receive parsed JSON', () => {
    expect(messageDecoder((text: string) => text, 'fail', JSON.parse)('"a"')).toBe('"a"')
  })

  it('validates with a Standard Schema and returns its output', () => {
    const schema = z.object({ at: z.string().transform(Number), unit: z.string().default('ms') })
    expect(messageDecoder(schema)({ at: '7' })).toEqual({ at: 7, unit: 'ms' })
  })

  it('passes text as parsed JSON to a schema if a parser is given', () => {
    expect(messageDecoder(z.object({ n: z.number() }), 'fail', JSON.parse)('{"n":1}')).toEqual({ n: 1 })
  })

  it('treats a callable schema as a schema', () => {
    const callable = Object.assign(() => 'called', { '~standard': { validate: () => ({ value: 'validated' }) } })
    expect(messageDecoder(callable)('x')).toBe('validated')
  })

  it.each([
    ['a function that throws', messageDecoder<string, unknown>(JSON.parse, 'fail')],
    ['a schema that reports issues', messageDecoder<string, unknown>(z.object({ n: z.number() }), 'fail')],
    ['text that is not JSON', messageDecoder<string, unknown>(z.string(), 'fail', JSON.parse)],
  ])('throws a WireError of kind decode for %s', (_, decode) => {
    const error = caught(() => decode('{oops'))
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ kind: 'decode', retryable: false, cause: expect.any(Error) })
    expect(error).toHaveProperty('message', expect.stringContaining(': {oops.'))
  })

  it('lists every issue of a schema in the error message', () => {
    const schema = z.object({ a: z.number('a is no number'), b: z.string('b is no text') })
    expect(caught(() => messageDecoder(schema, 'fail')({}))).toHaveProperty(
      'message',
      'A message could not be decoded (a is no number; b is no text).',
    )
  })

  it('truncates a long text in the error message', () => {
    const error = caught(() => messageDecoder<string, unknown>(JSON.parse, 'fail')(`oops${'x'.repeat(1_000)}`))
    expect(error).toHaveProperty('message', expect.stringMatching(/: oopsx{96}…\.$/))
  })

  it('does not truncate a text of 100 characters', () => {
    const text = `oops${'x'.repeat(96)}`
    const error = caught(() => messageDecoder<string, unknown>(JSON.parse, 'fail')(text))
    expect(error).toHaveProperty('message', expect.stringContaining(`: ${text}.`))
  })

  it('keeps the thrown value as the cause even if it is not an Error', () => {
    const decode = messageDecoder(() => {
      throw 'nonsense'
    }, 'fail')
    expect(caught(() => decode('x'))).toMatchObject({ cause: 'nonsense' })
  })

  it('fails for an asynchronous schema and handles its rejection', () => {
    const schema = { '~standard': { validate: () => Promise.reject(new Error('late')) } }
    expect(caught(() => messageDecoder(schema, 'fail')('x'))).toMatchObject({
      message: expect.stringContaining('asynchronous'),
    })
  })

  it('skips bad messages by default and gives one hint that names onBadMessage', () => {
    const hint = vi.fn()
    setHintHandler(hint)
    onTestFinished(() => setHintHandler(undefined))
    const decode = messageDecoder<string, unknown>(JSON.parse)
    expect(decode('{one')).toBe(SKIPPED)
    expect(decode('{two')).toBe(SKIPPED)
    expect(decode('3')).toBe(3)
    expect(hint).toHaveBeenCalledTimes(1)
    expect(hint.mock.calls[0]?.[0]).toMatchObject({ message: expect.stringMatching(/\{one.*onBadMessage/) })
  })

  it('calls onBadMessage with the error and the number of messages skipped so far', () => {
    const told: [string, number][] = []
    const decode = messageDecoder<string, unknown>(JSON.parse, (error, skipped) => told.push([error.kind, skipped]))
    expect([decode('{'), decode('1'), decode('{')]).toEqual([SKIPPED, 1, SKIPPED])
    expect(told).toEqual([
      ['decode', 1],
      ['decode', 2],
    ])
  })

  it('counts skipped messages per decoder', () => {
    const told: number[] = []
    const build = () => messageDecoder<string, unknown>(JSON.parse, (_, skipped) => told.push(skipped))
    build()('{')
    build()('{')
    expect(told).toEqual([1, 1])
  })
})

describe('requireDecode', () => {
  const callable = Object.assign(() => {}, { '~standard': {} })

  it.each([Number, z.string(), callable])('accepts %o', (decode) => {
    expect(() => requireDecode(decode)).not.toThrow()
  })

  it.each(['json', 7, null, undefined, {}, []])('throws a TypeError for the decoder %j', (decode) => {
    expect(() => requireDecode(decode)).toThrow(new TypeError('decode must be a function or a Standard Schema'))
  })
})

describe('decode error', () => {
  const fail = () => {
    throw new Error('no')
  }

  it.each([
    ['a string', '[DONE]'],
    ['an event', { data: '[DONE]', name: 'end' }],
  ])('includes the text of %s', (_, input) => {
    const error = caught(() => messageDecoder(fail, 'fail')(input))
    expect(error).toMatchObject({ message: 'A message could not be decoded (no): [DONE].' })
  })

  it.each([[new Uint8Array(2)], [{ data: 7 }], [null]])('omits an input without text: %o', (input) => {
    const error = caught(() => messageDecoder(fail, 'fail')(input))
    expect(error).toMatchObject({ message: 'A message could not be decoded (no).' })
  })
})

describe('requireBadMessagePolicy', () => {
  it.each(['skip', 'fail', () => {}, undefined])('accepts %o', (policy) => {
    expect(() => requireBadMessagePolicy(policy)).not.toThrow()
  })

  it.each([
    ['ignore', "'ignore'"],
    [null, 'null'],
    [true, 'true'],
  ])('throws a TypeError for the policy %j', (policy, shown) => {
    expect(() => requireBadMessagePolicy(policy)).toThrow(
      new TypeError(`onBadMessage must be one of 'skip', 'fail', got ${shown}`),
    )
  })
})
