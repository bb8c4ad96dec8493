import { reconnect } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { lost, refused } from '../support/attempts.ts'
import { failing } from '../support/failing.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

describe('reconnect', () => {
  it('subscribes again until it goes well', () => {
    const session = record(failing(lost(), lost()).pipe(reconnect({ random: () => 0.5 })))
    vi.runAllTimers()
    expect(session.events).toMatchObject([
      { type: 'waiting', attempt: 1, delayMs: 600 },
      { type: 'waiting', attempt: 2, delayMs: 1_100 },
    ])
    expect(session.end).toBe('complete')
  })

  it('fails with what no retry can mend', () => {
    const final = refused()
    expect(record(failing(final).pipe(reconnect())).end).toBe(final)
  })

  it('refuses a policy that makes no sense at the call, before there is a source', () => {
    expect(() => reconnect({ maxRetries: -1 })).toThrow(TypeError)
  })
})
