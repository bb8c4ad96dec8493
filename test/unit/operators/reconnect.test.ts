import { concat, from, Observable, take, throwError } from 'rxjs'
import { reconnect, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { type SubscriptionContext, takeContext, withContext } from '../../../src/subscription-context.ts'
import { record } from '../../record.ts'
import { lost, refused } from '../support/attempts.ts'
import { failing } from '../support/failing.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

describe('reconnect', () => {
  it('resubscribes until the source completes', () => {
    const session = record(failing(lost(), lost()).pipe(reconnect({ random: () => 0.5 })))
    vi.runAllTimers()
    expect(session.events).toMatchObject([
      { type: 'connecting', attempt: 0 },
      { type: 'waiting', attempt: 1, delayMs: 600 },
      { type: 'connecting', attempt: 1 },
      { type: 'waiting', attempt: 2, delayMs: 1_100 },
      { type: 'connecting', attempt: 2 },
    ])
    expect(session.end).toBe('complete')
  })

  it('fails at once with an error that is not retryable', () => {
    const final = refused()
    expect(record(failing(final).pipe(reconnect())).end).toBe(final)
  })

  it('throws a TypeError for an invalid policy at the call', () => {
    expect(() => reconnect({ maxRetries: -1 })).toThrow(TypeError)
  })

  it('drops the first connecting of the source and adds its own attempts to later attempt numbers', () => {
    const cause = lost()
    const events: WireEvent<string>[] = [
      { type: 'connecting', attempt: 0 },
      { type: 'waiting', attempt: 1, delayMs: 5, cause },
      { type: 'connecting', attempt: 1 },
    ]
    const source = concat(
      from(events),
      throwError(() => cause),
    )
    const session = record(source.pipe(reconnect({ maxRetries: 1, backoff: () => ({ floorMs: 1, spanMs: 0 }) })))
    vi.runAllTimers()
    expect(session.events).toEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'waiting', attempt: 1, delayMs: 5, cause },
      { type: 'connecting', attempt: 1 },
      { type: 'waiting', attempt: 1, delayMs: 1, cause },
      { type: 'connecting', attempt: 1 },
      { type: 'waiting', attempt: 2, delayMs: 5, cause },
      { type: 'connecting', attempt: 2 },
    ])
    expect(session.end).toBe(cause)
  })

  it('keeps a later connecting of a source that does not start with one', () => {
    const events: WireEvent<string>[] = [
      { type: 'open' },
      { type: 'waiting', attempt: 1, delayMs: 5, cause: lost() },
      { type: 'connecting', attempt: 1 },
      { type: 'open' },
    ]
    const session = record(from(events).pipe(reconnect()))
    expect(session.types()).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
  })

  it('passes messages, progress and close on unchanged', () => {
    const events: WireEvent<string>[] = [
      { type: 'open', status: 200 },
      { type: 'progress', direction: 'download', loaded: 1 },
      { type: 'message', data: 'a', id: '1' },
      { type: 'close', wasClean: true },
    ]
    const session = record(from(events).pipe(reconnect()))
    expect(session.events.slice(1)).toEqual(events)
    expect(session.events[3]).toBe(events[2])
    expect(session.end).toBe('complete')
  })

  it('unsubscribes from the source when the subscriber unsubscribes on its first event', () => {
    let isConnected = false
    const source = new Observable<WireEvent<string>>((subscriber) => {
      subscriber.next({ type: 'open' })
      isConnected = !subscriber.closed
    })
    record(source.pipe(reconnect(), take(2)))
    expect(isConnected).toBe(false)
  })

  it('passes its subscription context to the source on every attempt', () => {
    const backpressure = { isRespected: false, ready: () => Promise.resolve() }
    const seen: SubscriptionContext[] = []
    const source = new Observable<WireEvent<string>>((subscriber) =>
      takeContext((context) => {
        seen.push(context)
        subscriber.error(lost())
      }),
    )
    withContext({ backpressure }, () => record(source.pipe(reconnect({ maxRetries: 2 }))))
    vi.runAllTimers()
    expect(seen).toMatchObject([{ backpressure }, { backpressure }, { backpressure }])
    expect(new Set(seen.map(({ memory }) => memory)).size).toBe(1)
  })
})
