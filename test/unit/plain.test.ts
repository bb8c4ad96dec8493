import { CloseError, fromPlain, HttpError, type PlainError, toPlain, WireError, type WireEvent } from 'rxwire'
import { describe, expect, it } from 'vitest'

function viaJson<P>(plain: P): P {
  return JSON.parse(JSON.stringify(plain)) as P
}

describe('toPlain and fromPlain', () => {
  const http = { status: 503, headers: new Headers({ 'retry-after': '5' }), bodyText: 'busy', url: 'https://a.test/' }
  const retry = { retryable: true, retryAfterMs: 5_000, messageId: 'm7' }

  it.each([
    new WireError('network', 'lost', retry),
    new WireError('decode', 'no JSON'),
    new HttpError('busy', { ...http, ...retry }),
    new HttpError('log in', { ...http, status: 401, kind: 'auth' }),
    new CloseError('gone', { code: 1001, reason: 'restart', wasClean: true, ...retry }),
    new CloseError('gone', { wasClean: false }),
    new CloseError('log in', { code: 4401, wasClean: true, kind: 'auth' }),
  ])('keep the class and all fields of an error: $name, $kind, $message', (error) => {
    const copy = fromPlain(viaJson(toPlain(error)))
    expect(copy).toBeInstanceOf(error.constructor)
    expect(copy.message).toBe(error.message)
    const fieldsOf = (from: object) => ({
      ...from,
      ...('headers' in from && { headers: [...(from as HttpError).headers] }),
    })
    expect(fieldsOf(copy)).toEqual(fieldsOf(error))
    expect('cause' in copy).toBe(false)
  })

  it('keep repeated headers apart', () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    const copy = fromPlain(viaJson(toPlain<string>({ type: 'open', status: 200, headers })))
    expect(copy.type === 'open' && [...(copy.headers ?? [])]).toEqual([...headers])
  })

  it('keep the causes: a failure of a wire whole, another error by name and message', () => {
    const cause = new HttpError('busy', { ...http, cause: new TypeError('Failed to fetch') })
    const copy = fromPlain(viaJson(toPlain(new WireError('auth', 'log in', { cause }))))
    expect(copy.cause).toBeInstanceOf(HttpError)
    expect((copy.cause as HttpError).headers.get('retry-after')).toBe('5')
    expect((copy.cause as HttpError).cause).toMatchObject({ name: 'TypeError', message: 'Failed to fetch' })
  })

  it('leave out a cause that is no error, and end a chain that leads back to itself', () => {
    expect(toPlain(new WireError('network', 'lost', { cause: { secret: 1 } }))).not.toHaveProperty('cause')
    const error = new WireError('network', 'lost')
    Object.assign(error, { cause: error })
    let length = 0
    for (let at: unknown = fromPlain(viaJson(toPlain(error))); at instanceof WireError; at = at.cause) length++
    expect(length).toBe(9)
  })

  it.each<WireEvent<unknown>>([
    { type: 'connecting', attempt: 2 },
    { type: 'open' },
    { type: 'progress', direction: 'upload', loaded: 5, total: 10, acknowledged: 3 },
    { type: 'message', data: { a: [1] }, id: '7', name: 'tick' },
    { type: 'waiting', attempt: 1, delayMs: 5, cause: 'rotated' },
    { type: 'close', code: 1000, reason: '', wasClean: true },
  ])('pass on the other events unchanged: $type', (event) => {
    expect(fromPlain(viaJson(toPlain(event)))).toEqual(event)
  })

  it('convert the cause of `waiting`', () => {
    const cause = new CloseError('gone', { code: 1012, wasClean: true })
    const plain = viaJson(toPlain<string>({ type: 'waiting', attempt: 1, delayMs: 5, cause }))
    expect(fromPlain(plain)).toMatchObject({ type: 'waiting', cause: { name: 'CloseError', code: 1012 } })
  })

  it.each([undefined, null, 7, 'text', {}, [], { type: 'seventh' }, { kind: 'odd', message: 'x' }, { kind: 'http' }])(
    'refuse a value that is neither: %j',
    (value) => {
      expect(() => fromPlain(value as PlainError)).toThrow(TypeError)
      expect(() => toPlain(value as unknown as WireError)).toThrow(TypeError)
    },
  )

  it('refuse an event with an invalid cause', () => {
    const cause = { kind: 'odd' } as unknown as PlainError
    expect(() => fromPlain<string>({ type: 'waiting', attempt: 1, delayMs: 5, cause })).toThrow(TypeError)
  })
})
