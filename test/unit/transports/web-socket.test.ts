import { fromWebSocket, type LimitBurstOptions, limitBurst, pingPong, type WebSocketOptions } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

type Options = WebSocketOptions<unknown> & { readonly decode: (data: unknown) => unknown }

/** Creates a wire without subscribing to it. */
function call(option: string, value: unknown): () => unknown {
  const options = { decode: String, [option]: value } as Options
  return () => fromWebSocket('/feed', options)
}

describe('fromWebSocket', () => {
  it.each<[string, unknown]>([
    ['a malformed URL', 'ws://['],
    ['a number as the URL', 7],
    ['a missing URL', undefined],
  ])('throws a TypeError for %s', (_, url) => {
    expect(() => fromWebSocket(url as string)).toThrow(TypeError)
    expect(() => fromWebSocket(url as string)).toThrow(/^url must be a valid URL/)
  })

  it('throws for credentials in the URL', () => {
    expect(() => fromWebSocket('ws://user:password@localhost/feed')).toThrow(/^url must not contain credentials$/)
  })

  it.each<[string, unknown]>([
    ['protocols', ''],
    ['protocols', 'two words'],
    ['protocols', ['a', 'b', 'a']],
    ['protocols', ['a', '']],
    ['protocols', ['a,b']],
    ['protocols', [7]],
    ['protocols', 7],
    ['protocols', null],
    ['binaryType', 'nodebuffer'],
    ['decode', 'json'],
    ['decode', null],
    ['onBadMessage', 'ignore'],
    ['idOf', 'id'],
    ['sendOnOpen', ['hello']],
    ['encode', 'json'],
    ['encode', {}],
    ['highWaterBytes', 0],
    ['highWaterBytes', Number.NaN],
    ['lowWaterBytes', -1],
    ['lowWaterBytes', '1 kB'],
    ['connectTimeoutMs', 0],
    ['connectTimeoutMs', -1],
  ])('throws a TypeError that names %s for %o', (option, value) => {
    expect(call(option, value)).toThrow(TypeError)
    expect(call(option, value)).toThrow(option)
  })

  it.each<[string, unknown]>([
    ['maxRetries', -1],
    ['resetOnMessageAfterMs', -1],
    ['backoff', 500],
    ['shouldRetry', true],
    ['reconnectNow', () => {}],
    ['random', 5],
  ])('throws a TypeError that names the reconnect option %s for %o', (option, value) => {
    expect(call('reconnect', { [option]: value })).toThrow(TypeError)
    expect(call('reconnect', { [option]: value })).toThrow(option)
  })

  it('throws a TypeError for lowWaterBytes above highWaterBytes', () => {
    const complaint = new TypeError('lowWaterBytes must not be greater than highWaterBytes')
    expect(() => fromWebSocket('/feed', { highWaterBytes: 10, lowWaterBytes: 11 })).toThrow(complaint)
    expect(() => fromWebSocket('/feed', { highWaterBytes: 10, lowWaterBytes: 10 })).not.toThrow()
    // The default of highWaterBytes applies, too.
    expect(() => fromWebSocket('/feed', { lowWaterBytes: 262_145 })).toThrow(complaint)
    expect(() => fromWebSocket('/feed', { lowWaterBytes: 262_144 })).not.toThrow()
    expect(() => fromWebSocket('/feed', { highWaterBytes: 1 })).not.toThrow()
  })

  it.each<[string, unknown]>([
    ['ping', undefined],
    ['ping', 'ping'],
    ['pong', 5],
    ['everyMs', 0],
    ['everyMs', -5],
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
  ])('throws a TypeError that names the heartbeat option %s for %o', (option, value) => {
    const create = () => pingPong({ ping: () => 'ping', [option]: value })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(`heartbeat: ${option} must be`)
  })

  it('throws a TypeError for a heartbeat that is not the result of pingPong', () => {
    expect(call('heartbeat', { ping: () => 'ping' })).toThrow(/^heartbeat must be the result of pingPong/)
  })

  it.each<[unknown, string]>([
    [{ 4001: 'retry' }, 'closeCodes: 4001 must be'],
    [{ 999: 'fail' }, 'closeCodes: 999 is not a close code'],
  ])('throws a TypeError for closeCodes of %o', (closeCodes, complaint) => {
    expect(call('closeCodes', closeCodes)).toThrow(TypeError)
    expect(call('closeCodes', closeCodes)).toThrow(complaint)
  })

  it.each<[Partial<LimitBurstOptions<unknown>>, string]>([
    [{ overflow: 'fail' }, 'maxCount is required'],
    [{ maxCount: 0, overflow: 'fail' }, 'maxCount must be'],
    [{ maxCount: 1, overflow: 'reject' as 'fail' }, 'overflow must be'],
    [{ maxCount: 1, overflow: 'conflate' }, "'conflate' and conflateBy must be given together"],
  ])('throws a TypeError for a burst of %o', (burst, complaint) => {
    const create = () => limitBurst(burst as LimitBurstOptions<unknown>)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(complaint)
  })
})

describe('fromWebSocket', () => {
  it.each([
    ['/feed'],
    ['ws://localhost/feed'],
    ['wss://localhost/feed?a=b#c'],
    ['http://localhost/feed'],
    [new URL('https://localhost/feed')],
    [() => 'anything'],
    [() => Promise.resolve(new URL('ws://localhost'))],
  ])('accepts %s as a URL', (url) => {
    expect(() => fromWebSocket(url)).not.toThrow()
  })

  it.each<[string, unknown]>([
    ['protocols', 'chat.v2'],
    ['protocols', ['a', 'b', "!#$%&'*+-.^_`|~09AZ"]],
    ['protocols', []],
    ['protocols', () => 'asked for later'],
    ['binaryType', 'blob'],
    ['binaryType', 'arraybuffer'],
    ['decode', z.string()],
    ['encode', z.string()],
    ['encode', String],
    ['onBadMessage', () => {}],
    ['lowWaterBytes', 0],
    ['heartbeat', pingPong({ ping: () => 'ping' })],
    ['heartbeat', pingPong({ ping: () => 'ping', pong: () => true, everyMs: 1, timeoutMs: 1 })],
    ['closeCodes', { 4001: 'fail', 1000: 'reconnect' }],
    ['burst', limitBurst({ maxCount: 1, overflow: 'drop-oldest' })],
    ['reconnect', false],
    ['reconnect', { maxRetries: 0 }],
    ['connectTimeoutMs', Number.POSITIVE_INFINITY],
  ])('accepts %s of %o', (option, value) => {
    expect(call(option, value)).not.toThrow()
  })
})
