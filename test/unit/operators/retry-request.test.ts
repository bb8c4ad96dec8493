import { type ReconnectPolicy, retryRequest } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { type Recording, record } from '../../record.ts'
import { lost } from '../support/attempts.ts'
import { failing } from '../support/failing.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

function waits(session: Recording<never>) {
  return session.events.filter(({ type }) => type === 'waiting')
}

describe('retryRequest', () => {
  const errors = [lost(), lost(), lost(), lost()]

  it('retries twice within about a second and then fails', () => {
    const session = record(failing(...errors).pipe(retryRequest({ random: () => 0.5 })))
    vi.runAllTimers()
    expect(waits(session)).toMatchObject([{ delayMs: 150 }, { delayMs: 300 }])
    expect(session.end).toBe(errors[2])
  })

  it('prefers the given policy over its defaults', () => {
    const policy: ReconnectPolicy = { maxRetries: 1, backoff: () => ({ floorMs: 7, spanMs: 0 }) }
    const session = record(failing(...errors).pipe(retryRequest(policy)))
    vi.runAllTimers()
    expect(waits(session)).toMatchObject([{ delayMs: 7 }])
    expect(session.end).toBe(errors[1])
  })

  it('keeps its default limit and backoff for undefined', () => {
    const policy: ReconnectPolicy = { maxRetries: undefined, backoff: undefined, random: () => 0.5 }
    const session = record(failing(...errors).pipe(retryRequest(policy)))
    vi.runAllTimers()
    expect(waits(session)).toMatchObject([{ delayMs: 150 }, { delayMs: 300 }])
    expect(session.end).toBe(errors[2])
  })

  it('throws a TypeError for an invalid policy at the call', () => {
    expect(() => retryRequest({ maxRetries: -1 })).toThrow(TypeError)
  })
})
