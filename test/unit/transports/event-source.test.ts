import { of } from 'rxjs'
import { type EventSourceOptions, fromEventSource, nativeEngine, xhrEngine } from 'rxwire'
import { describe, expect, it } from 'vitest'

describe('fromEventSource', () => {
  it.each<[string, unknown]>([
    ['a malformed URL', 'http://['],
    ['a number as the URL', 7],
    ['a missing URL', undefined],
  ])('throws for %s', (_, url) => {
    expect(() => fromEventSource(url as string)).toThrow(/^url must be a valid URL/)
  })

  it.each<[string, unknown]>([
    ['engine', 'telepathy'],
    ['credentials', 'always'],
    ['maxEventLength', 0],
    ['maxEventLength', Number.NaN],
    ['connectTimeoutMs', -1],
    ['stallTimeoutMs', -1],
    ['stallTimeoutMs', 'never'],
    ['onBadMessage', 'ignore'],
    ['decode', 'json'],
    ['events', 'tick'],
    ['method', 'GE T'],
    ['method', 'TRACE'],
    ['body', 'without a method'],
    ['json', {}],
    ['headers', { 'not a name': '1' }],
  ])('throws a TypeError that names %s for %o', (option, value) => {
    const options = { [option]: value } as EventSourceOptions<string>
    expect(() => fromEventSource('/feed', options)).toThrow(TypeError)
    expect(() => fromEventSource('/feed', options)).toThrow(option)
  })

  it.each<[string, unknown]>([
    ['maxRetries', -1],
    ['resetOnMessageAfterMs', -1],
    ['backoff', 500],
    ['shouldRetry', true],
    ['reconnectNow', () => {}],
    ['random', 5],
  ])('throws a TypeError that names the reconnect option %s for %o', (option, value) => {
    const reconnect = { [option]: value } as EventSourceOptions<string>['reconnect']
    expect(() => fromEventSource('/feed', { reconnect })).toThrow(TypeError)
    expect(() => fromEventSource('/feed', { reconnect })).toThrow(option)
  })

  it('throws for credentials in the URL', () => {
    expect(() => fromEventSource('http://user:password@localhost/feed')).toThrow(/^url must not contain credentials$/)
  })

  it('throws for body together with json', () => {
    expect(() => fromEventSource('/feed', { method: 'POST', body: 'a', json: 'b' })).toThrow(
      'body and json are mutually exclusive',
    )
  })

  it.each([xhrEngine(), nativeEngine()])('throws for credentials "omit" with the engine $name', (engine) => {
    expect(() => fromEventSource('/feed', { engine, credentials: 'omit' })).toThrow(/^credentials: 'omit' works only/)
  })

  it.each(['method', 'headers', 'body', 'json', 'idempotencyKey'])('throws for %s with the native engine', (option) => {
    const options = { engine: nativeEngine(), [option]: 'POST' } as EventSourceOptions<string>
    expect(() => fromEventSource('/feed', options)).toThrow(`${option} does not work with nativeEngine()`)
  })
})

it('accepts a relative URL, a URL object and a function', () => {
  expect(() => fromEventSource('/feed')).not.toThrow()
  expect(() => fromEventSource(new URL('http://localhost/feed'))).not.toThrow()
  expect(() => fromEventSource(() => 'anything')).not.toThrow()
})

it('accepts an Observable for reconnectNow', () => {
  expect(() => fromEventSource('/feed', { reconnect: { reconnectNow: of(1) } })).not.toThrow()
})
