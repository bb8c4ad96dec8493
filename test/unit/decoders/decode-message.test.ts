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

  it('gives a function what came, also where a schema would be given something else', () => {
    expect(messageDecoder((text: string) => text, 'fail', JSON.parse)('"a"')).toBe('"a"')
  })

  it('validates with a Standard Schema, and takes what it makes of the message', () => {
    const schema = z.object({ at: z.string().transform(Number), unit: z.string().default('ms') })
    expect(messageDecoder(schema)({ at: '7' })).toEqual({ at: 7, unit: 'ms' })
  })

  it('lets a schema see text as JSON where it is read so', () => {
    expect(messageDecoder(z.object({ n: z.number() }), 'fail', JSON.parse)('{"n":1}')).toEqual({ n: 1 })
  })

  it('takes a schema that can be called for a schema', () => {
    const callable = Object.assign(() => 'called', { '~standard': { validate: () => ({ value: 'validated' }) } })
    expect(messageDecoder(callable)('x')).toBe('validated')
  })

  it.each([
    ['a function that throws', messageDecoder<string, unknown>(JSON.parse, 'fail')],
    ['a schema that disagrees', messageDecoder<string, unknown>(z.object({ n: z.number() }), 'fail')],
    ['text that is no JSON', messageDecoder<string, unknown>(z.string(), 'fail', JSON.parse)],
  ])('throws a WireError of kind decode for %s', (_, decode) => {
    const error = caught(() => decode('{oops'))
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ kind: 'decode', retryable: false, cause: expect.any(Error) })
    expect(error).toHaveProperty('message', expect.stringContaining(': {oops.'))
  })

  it('names every issue of a schema', () => {
    const schema = z.object({ a: z.number('a is no number'), b: z.string('b is no text') })
    expect(caught(() => messageDecoder(schema, 'fail')({}))).toHaveProperty(
      'message',
      'A message could not be decoded (a is no number; b is no text).',
    )
  })

  it('shows the beginning of a long text only', () => {
    const error = caught(() => messageDecoder<string, unknown>(JSON.parse, 'fail')(`oops${'x'.repeat(1_000)}`))
    expect(error).toHaveProperty('message', expect.stringMatching(/: oopsx{96}…\.$/))
  })

  it('shows a text of a hundred characters whole', () => {
    const text = `oops${'x'.repeat(96)}`
    const error = caught(() => messageDecoder<string, unknown>(JSON.parse, 'fail')(text))
    expect(error).toHaveProperty('message', expect.stringContaining(`: ${text}.`))
  })

  it('keeps what was thrown as the cause, also if it is no error', () => {
    const decode = messageDecoder(() => {
      throw 'nonsense'
    }, 'fail')
    expect(caught(() => decode('x'))).toMatchObject({ cause: 'nonsense' })
  })

  it('refuses an asynchronous schema, and leaves no rejection behind', () => {
    const schema = { '~standard': { validate: () => Promise.reject(new Error('late')) } }
    expect(caught(() => messageDecoder(schema, 'fail')('x'))).toMatchObject({
      message: expect.stringContaining('asynchronous'),
    })
  })

  it('skips by default, and hints once what to do', () => {
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

  it('tells a function of each message that it skips, and of how many there were', () => {
    const told: [string, number][] = []
    const decode = messageDecoder<string, unknown>(JSON.parse, (error, skipped) => told.push([error.kind, skipped]))
    expect([decode('{'), decode('1'), decode('{')]).toEqual([SKIPPED, 1, SKIPPED])
    expect(told).toEqual([
      ['decode', 1],
      ['decode', 2],
    ])
  })

  it('counts for each decoder by itself', () => {
    const told: number[] = []
    const build = () => messageDecoder<string, unknown>(JSON.parse, (_, skipped) => told.push(skipped))
    build()('{')
    build()('{')
    expect(told).toEqual([1, 1])
  })
})

describe('requireDecode', () => {
  const callable = Object.assign(() => {}, { '~standard': {} })

  it.each([Number, z.string(), callable])('lets %o pass', (decode) => {
    expect(() => requireDecode(decode)).not.toThrow()
  })

  it.each(['json', 7, null, undefined, {}, []])('refuses %j as a decoder', (decode) => {
    expect(() => requireDecode(decode)).toThrow(new TypeError('decode must be a function or a Standard Schema'))
  })
})

describe('the error of a bad message', () => {
  const fail = () => {
    throw new Error('no')
  }

  it.each([
    ['a text', '[DONE]'],
    ['an event', { data: '[DONE]', name: 'end' }],
  ])('shows the text of %s', (_, input) => {
    const error = caught(() => messageDecoder(fail, 'fail')(input))
    expect(error).toMatchObject({ message: 'A message could not be decoded (no): [DONE].' })
  })

  it.each([[new Uint8Array(2)], [{ data: 7 }], [null]])('shows nothing of %o', (input) => {
    const error = caught(() => messageDecoder(fail, 'fail')(input))
    expect(error).toMatchObject({ message: 'A message could not be decoded (no).' })
  })
})

describe('requireBadMessagePolicy', () => {
  it.each(['skip', 'fail', () => {}, undefined])('lets %o pass', (policy) => {
    expect(() => requireBadMessagePolicy(policy)).not.toThrow()
  })

  it.each([
    ['ignore', '"ignore"'],
    [null, 'null'],
    [true, 'true'],
  ])('refuses %j as a policy', (policy, shown) => {
    expect(() => requireBadMessagePolicy(policy)).toThrow(
      new TypeError(`onBadMessage must be one of "skip", "fail", not ${shown}`),
    )
  })
})
