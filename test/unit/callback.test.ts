import { WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { callAsync, callNamed, callSync, isText, isTrue } from '../../src/callback.ts'

const bug = new RangeError('a bug of mine')
const throwing = () => {
  throw bug
}
const failure = new WireError('auth', 'no')

describe('a function of the caller', () => {
  it.each([
    ['callNamed', async () => callNamed('idOf', throwing)],
    ['callSync', async () => callSync('idOf', throwing)],
    ['isTrue', async () => isTrue('idOf', throwing)],
    ['callAsync', () => callAsync('idOf', throwing)],
    ['callAsync later', () => callAsync('idOf', () => Promise.reject(bug))],
  ])('fails with a WireError that names the option and has what it throws as its cause: %s', async (_, call) => {
    const error = await call().catch((each: unknown) => each)
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ message: 'The idOf function threw: a bug of mine', cause: bug, retryable: false })
  })

  it('may throw a WireError, which passes through unchanged', async () => {
    const fail = () => {
      throw failure
    }
    expect(() => callNamed('idOf', fail)).toThrow(failure)
    await expect(callAsync('idOf', fail)).rejects.toBe(failure)
  })
})

describe('callSync', () => {
  it('returns a valid result', () => {
    expect(callSync('idOf', () => 'a', 'a text', isText)).toBe('a')
  })

  it.each([
    ['', 'string'],
    [7, 'number'],
    [undefined, 'undefined'],
    [Object.create(null), 'object'],
    [Promise.resolve('a'), 'a promise'],
  ])('refuses %o with a message that names its type only', (result, type) => {
    expect(() => callSync('idOf', () => result, 'a text', isText)).toThrow(`idOf must return a text, got ${type}.`)
  })

  it('handles the rejection of a promise that it refuses', async () => {
    const rejected = Promise.reject(bug)
    expect(() => callSync('idOf', () => rejected)).toThrow('got a promise')
    // An unhandled rejection would fail the run.
    await expect(rejected).rejects.toBe(bug)
  })
})

describe('isTrue', () => {
  it.each([true, false, undefined, null, 1, 'true', {}, []])('takes only true for yes: %o', (result) => {
    expect(isTrue('endsWhen', () => result)).toBe(result === true)
  })
})

describe('callAsync', () => {
  it('refuses what a promise resolves with', async () => {
    const key = callAsync('fingerprint', async () => 7, 'a text', isText)
    await expect(key).rejects.toThrow('fingerprint must return a text, got number.')
  })
})
