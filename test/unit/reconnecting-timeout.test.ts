import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost } from './support/attempts.ts'
import { START_MS, virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions) {
  const server = new HandMadeServer()
  const backoff = () => ({ floorMs: 10, spanMs: 0 })
  const session = record(reconnecting(server.connect, { backoff, ...policy }))
  return { server, session }
}

describe('reconnecting: connectTimeoutMs', () => {
  it('grows by a fifth after each failure, up to twice its value', () => {
    const times: number[] = []
    record(
      reconnecting(() => {}, { connectTimeoutMs: 1_000, backoff: () => ({ floorMs: 10, spanMs: 0 }) }),
      ({ type }) => {
        if (type === 'waiting') times.push(Date.now() - START_MS)
      },
    )
    vi.advanceTimersByTime(20_000)
    const lasted = times.map((time, index) => time - (times[index - 1] ?? -10) - 10)
    expect(lasted.slice(0, 8)).toEqual([1_000, 1_200, 1_400, 1_600, 1_800, 2_000, 2_000, 2_000])
  })

  it('aborts the attempt and waits with a retryable timeout as the cause', () => {
    const { server, session } = start({ connectTimeoutMs: 1_000 })
    const [attempt] = server.attempts
    vi.advanceTimersByTime(1_000)
    expect(attempt?.signal.aborted).toBe(true)
    expect(session.events.at(-1)).toMatchObject({
      type: 'waiting',
      attempt: 1,
      cause: { kind: 'timeout', retryable: true, message: expect.stringContaining('1000 ms') },
    })
    attempt?.open()
    attempt?.message('late')
    expect(session.types().at(-1)).toBe('waiting')
  })

  it('does not apply to an attempt that is open', () => {
    const { server, session } = start({ connectTimeoutMs: 1_000 })
    vi.advanceTimersByTime(999)
    server.last.open()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(100_000)
    expect(session.types()).toEqual(['connecting', 'open'])
  })

  it('does not apply to an attempt that moves the resume point and delivers a message without an open event', () => {
    const { server, session } = start({ connectTimeoutMs: 1_000 })
    server.last.moveCursor('7')
    server.last.message('a')
    vi.advanceTimersByTime(100_000)
    expect(session.types()).toEqual(['connecting', 'message'])
  })

  it('does not end an attempt by the timeout of an earlier one', () => {
    const { server, session } = start({ connectTimeoutMs: 1_000 })
    vi.advanceTimersByTime(900)
    server.last.fail(lost())
    vi.advanceTimersByTime(10)
    expect(server.attempts).toHaveLength(2)
    vi.advanceTimersByTime(1_199)
    expect(session.types()).toEqual(['connecting', 'waiting', 'connecting'])
    vi.advanceTimersByTime(1)
    expect(session.types().at(-1)).toBe('waiting')
  })

  it('fails the wire when the retries are used up', () => {
    const { session } = start({ connectTimeoutMs: 1_000, maxRetries: 0 })
    vi.advanceTimersByTime(1_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fails the wire if the attempt is unsafe to repeat, and says why', () => {
    const { server, session } = start({ connectTimeoutMs: 1_000 })
    server.last.markUnrepeatable(' The body can be sent once.')
    vi.advanceTimersByTime(1_000)
    expect(session.end).toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(/The body can be sent once\.$/),
    })
  })

  it('sets no timer by default', () => {
    const { session } = start({})
    expect(vi.getTimerCount()).toBe(0)
    expect(session.types()).toEqual(['connecting'])
  })
})
