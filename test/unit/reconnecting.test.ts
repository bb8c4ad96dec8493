import { throwError } from 'rxjs'
import {
  type AttemptContext,
  CloseError,
  type ReconnectingOptions,
  reconnect,
  reconnecting,
  WireError,
  type WireEvent,
} from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost, refused } from './support/attempts.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

/** A session with a hand-made server. `random` returns 0.5 by default. */
function start(policy: ReconnectingOptions = {}) {
  const server = new HandMadeServer()
  const session = record(reconnecting(server.connect, { random: () => 0.5, ...policy }))
  const waits = () => session.events.filter((event) => event.type === 'waiting')
  const delays = () => waits().map(({ delayMs }) => delayMs)
  /** Fails the attempt and waits until the engine starts the next one. */
  const failAndWait = (error: WireError) => {
    server.last.fail(error)
    vi.advanceTimersByTime(delays().at(-1) ?? 0)
  }
  return { server, session, waits, delays, failAndWait }
}

describe('reconnecting', () => {
  it('makes no attempt before it is subscribed', () => {
    const server = new HandMadeServer()
    reconnecting(server.connect)
    expect(server.attempts).toEqual([])
  })

  it('emits the events of an attempt and completes with it', () => {
    const { server, session } = start()
    server.last.open({ status: 200 })
    server.last.progress('download', 3)
    server.last.message('a', '1', 'tick')
    server.last.close({ wasClean: true, code: 1000 })
    expect(session.events).toEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'open', status: 200 },
      { type: 'progress', direction: 'download', loaded: 3 },
      { type: 'message', data: 'a', id: '1', name: 'tick' },
      { type: 'close', wasClean: true, code: 1000 },
    ])
    expect(session.end).toBe('complete')
    vi.runAllTimers()
    expect(server.attempts).toHaveLength(1)
  })

  it('completes without a close if the attempt does', () => {
    expect(record(reconnecting((attempt) => attempt.complete())).end).toBe('complete')
  })

  it('emits waiting with growing delays after failures and numbers the attempts', () => {
    const { session, failAndWait } = start()
    const error = lost()
    for (let failure = 0; failure < 6; failure++) failAndWait(error)
    const expected: WireEvent<string>[] = [600, 1_100, 2_100, 4_100, 7_600, 7_600].flatMap((delayMs, index) => [
      { type: 'waiting', attempt: index + 1, delayMs, cause: error },
      { type: 'connecting', attempt: index + 1 },
    ])
    expect(session.events).toEqual([{ type: 'connecting', attempt: 0 }, ...expected])
  })

  it('retries when the delay is over and not earlier', () => {
    const { server } = start()
    server.last.fail(lost())
    vi.advanceTimersByTime(599)
    expect(server.attempts).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(server.attempts).toHaveLength(2)
    vi.advanceTimersByTime(60_000)
    expect(server.attempts).toHaveLength(2)
  })

  it.each([
    [0, 100],
    [0.25, 350],
    [0.999, 1_099],
  ])('draws the delay with the given random: %d gives %d ms', (drawn, delayMs) => {
    const { server, delays } = start({ random: () => drawn })
    server.last.fail(lost())
    expect(delays()).toEqual([delayMs])
  })

  it('calls backoff with the number of failures and the cause', () => {
    const backoff = vi.fn(() => ({ floorMs: 5, spanMs: 10 }))
    const { delays, failAndWait } = start({ backoff })
    const [first, second] = [lost(), new CloseError('closed', { wasClean: true, retryable: true })]
    failAndWait(first)
    failAndWait(second)
    expect(backoff.mock.calls).toEqual([
      [1, first],
      [2, second],
    ])
    expect(delays()).toEqual([10, 10])
  })

  it.each([
    [0, 30_000],
    [0.5, 37_500],
  ])('uses Retry-After as a floor and adds jitter: random %d gives %d ms', (drawn, delayMs) => {
    const { server, delays, failAndWait } = start({ random: () => drawn })
    server.last.fail(lost({ retryAfterMs: 30_000 }))
    expect(delays()).toEqual([delayMs])
    vi.advanceTimersByTime(delayMs - 1)
    expect(server.attempts).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(server.attempts).toHaveLength(2)
    // Retry-After applies to one wait only.
    failAndWait(lost())
    expect(delays()[1]).toBe(100 + drawn * 2_000)
  })

  it('uses retry: as a floor for all later waits', () => {
    const { server, delays, failAndWait } = start({ random: () => 0 })
    server.last.retryAfter(20_000)
    failAndWait(lost())
    failAndWait(lost())
    failAndWait(lost({ retryAfterMs: 25_000 }))
    expect(delays()).toEqual([20_000, 20_000, 25_000])
    server.last.retryAfter(10)
    failAndWait(lost())
    expect(delays()[3]).toBe(100)
  })

  it('caps retry: at maxRetryAfterMs', () => {
    const { server, delays, failAndWait } = start({ random: () => 0, maxRetryAfterMs: 9_000 })
    server.last.retryAfter(9_001)
    failAndWait(lost())
    server.last.retryAfter(Number.POSITIVE_INFINITY)
    failAndWait(lost())
    expect(delays()).toEqual([9_000, 9_000])
  })

  it('fails with an error whose Retry-After exceeds maxRetryAfterMs', () => {
    const { server, session, failAndWait } = start({ maxRetryAfterMs: 9_000 })
    failAndWait(lost({ retryAfterMs: 9_000 }))
    expect(session.end).toBeUndefined()
    const notToday = lost({ retryAfterMs: 9_001 })
    server.last.fail(notToday)
    expect(session.end).toBe(notToday)
  })

  it.each([0, 1, 3])('fails with the last error after %i failed retries', (maxRetries) => {
    const { server, session, failAndWait } = start({ maxRetries })
    for (let retry = 0; retry < maxRetries; retry++) failAndWait(lost())
    expect(session.end).toBeUndefined()
    const last = lost()
    server.last.fail(last)
    expect(session.end).toBe(last)
    expect(server.attempts).toHaveLength(maxRetries + 1)
  })

  it('retries forever by default', () => {
    const { server, failAndWait } = start()
    for (let failure = 0; failure < 500; failure++) failAndWait(lost())
    expect(server.attempts).toHaveLength(501)
  })

  it('fails at once with an error that is not retryable', () => {
    const { server, session } = start()
    const final = refused()
    server.last.fail(final)
    expect(session.end).toBe(final)
    expect(session.types()).toEqual(['connecting'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    { says: true, retryable: false, goesOn: true },
    { says: true, retryable: true, goesOn: true },
    { says: false, retryable: true, goesOn: false },
    { says: undefined, retryable: true, goesOn: true },
    { says: undefined, retryable: false, goesOn: false },
  ])('retries: $goesOn, when shouldRetry returns $says for an error with retryable: $retryable', (row) => {
    const { server, session } = start({ shouldRetry: () => row.says })
    server.last.fail(new WireError('http', 'x', { retryable: row.retryable }))
    expect(session.types().at(-1)).toBe(row.goesOn ? 'waiting' : 'connecting')
    expect(session.end === undefined).toBe(row.goesOn)
  })

  it('calls shouldRetry with the error and the context of the failed attempt', () => {
    const seen: [WireError, AttemptContext][] = []
    const { failAndWait, server } = start({
      resumeFrom: 'here',
      shouldRetry: (...given) => {
        seen.push(given)
        return undefined
      },
    })
    const [first, second] = [lost(), lost()]
    failAndWait(first)
    server.last.message('a', '1')
    failAndWait(second)
    expect(seen).toEqual([
      [first, { attempt: 0, cursor: 'here', cause: undefined }],
      // A resume point that moved is proof of service.
      [second, { attempt: 0, cursor: '1', cause: first }],
    ])
  })

  it('does not call shouldRetry once the retries are used up', () => {
    const { server, session } = start({ maxRetries: 0, shouldRetry: () => true })
    server.last.fail(lost())
    expect(session.end).toMatchObject({ message: 'lost' })
  })

  it('passes on an error that is not a WireError unchanged', () => {
    const seen: unknown[] = []
    const bug = new RangeError('a bug of mine')
    throwError(() => bug)
      .pipe(reconnect({ shouldRetry: () => true }))
      .subscribe({ error: (error) => seen.push(error) })
    expect(seen).toEqual([bug])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['shouldRetry', 'backoff', 'random', 'isAboutCredentials'] as const)(
    'fails with a WireError whose cause is what %s throws',
    (option) => {
      const seen: unknown[] = []
      const bug = new RangeError('a bug of mine')
      const throwing = () => {
        throw bug
      }
      const server = new HandMadeServer()
      reconnecting(server.connect, { [option]: throwing }).subscribe({ error: (error) => seen.push(error) })
      server.last.fail(lost())
      expect(seen).toMatchObject([{ kind: 'network', message: expect.stringContaining(option), cause: bug }])
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it('emits the events of a later attempt unchanged', () => {
    const server = new HandMadeServer()
    const session = record(reconnecting(server.connect, { random: () => 0.5 }))
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    server.last.progress('upload', 1)
    server.last.close({ wasClean: true })
    expect(session.events.slice(2)).toEqual([
      { type: 'connecting', attempt: 1 },
      { type: 'progress', direction: 'upload', loaded: 1 },
      { type: 'close', wasClean: true },
    ])
  })
})
