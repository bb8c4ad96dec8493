import { runInNewContext } from 'node:vm'
import { CloseError, HttpError, isWireError, WireError } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { messageOf } from '../../src/errors.ts'

describe('WireError', () => {
  it('carries its kind, message and options', () => {
    const cause = new Error('underneath')
    const error = new WireError('timeout', 'too late', { retryable: true, retryAfterMs: 5, cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'WireError', kind: 'timeout', message: 'too late', retryable: true })
    expect(error.retryAfterMs).toBe(5)
    expect(error.cause).toBe(cause)
  })

  it('is not retryable by default and has no cause property without a cause', () => {
    const error = new WireError('decode', 'nonsense')
    expect(error.retryable).toBe(false)
    expect(error.retryAfterMs).toBeUndefined()
    expect('cause' in error).toBe(false)
  })

  it('keeps a cause of undefined', () => {
    expect('cause' in new WireError('network', 'lost', { cause: undefined })).toBe(true)
  })
})

describe('HttpError', () => {
  const answer = {
    status: 404,
    headers: new Headers({ 'x-a': '1' }),
    bodyText: 'no such thing',
    url: 'https://a.test/',
  }

  it('carries the status, headers, body and URL of the response', () => {
    const error = new HttpError('not found', { ...answer, cause: 'why' })
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ name: 'HttpError', kind: 'http', retryable: false, cause: 'why', ...answer })
    expect(error.headers.get('x-a')).toBe('1')
  })

  it('accepts the kind auth', () => {
    expect(new HttpError('who are you', { ...answer, status: 401, kind: 'auth' }).kind).toBe('auth')
  })
})

describe('CloseError', () => {
  it('carries the code, the reason and whether the close was clean', () => {
    const error = new CloseError('gone', { code: 1001, reason: 'going away', wasClean: true, retryable: true })
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ name: 'CloseError', kind: 'closed', retryable: true })
    expect(error).toMatchObject({ code: 1001, reason: 'going away', wasClean: true })
  })

  it('has an empty reason by default', () => {
    expect(new CloseError('gone', { wasClean: false })).toMatchObject({ code: undefined, reason: '' })
  })
})

describe('messageOf', () => {
  it.each([
    [new Error('broken'), 'broken'],
    ['broken', 'broken'],
    [undefined, 'undefined'],
    [Symbol('broken'), 'Symbol(broken)'],
    [Object.create(null), 'an object that has no text'],
  ])('returns a text for %o', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text)
  })
})

describe('isWireError', () => {
  it('recognizes the errors of the library', () => {
    expect(isWireError(new WireError('network', 'lost'))).toBe(true)
    expect(isWireError(new CloseError('gone', { wasClean: true }))).toBe(true)
  })

  it('recognizes an error from another copy of the library', async () => {
    vi.resetModules()
    const copy = await import('../../src/errors.ts')
    const error = new copy.WireError('network', 'lost')
    expect(error).not.toBeInstanceOf(WireError)
    expect(isWireError(error)).toBe(true)
  })

  it('recognizes an error from another realm', () => {
    const error: unknown = runInNewContext("Object.assign(new Error(), { [Symbol.for('rxwire.WireError')]: true })")
    expect(error).not.toBeInstanceOf(Error)
    expect(isWireError(error)).toBe(true)
  })

  it.each([undefined, null, 'network', 0, {}, new Error('network'), () => {}])('returns false for %s', (value) => {
    expect(isWireError(value)).toBe(false)
  })
})
