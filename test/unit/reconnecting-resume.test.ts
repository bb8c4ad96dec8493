import { Subject } from 'rxjs'
import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost } from './support/attempts.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions = {}) {
  const server = new HandMadeServer()
  record(reconnecting(server.connect, policy))
  const next = () => {
    server.last.fail(lost())
    vi.runAllTimers()
    return server.last
  }
  return { server, next }
}

describe('reconnecting: resume', () => {
  it('starts the first attempt without a cursor or a cause', () => {
    expect(start().server.last).toMatchObject({ attempt: 0, cursor: undefined, cause: undefined })
  })

  it('starts the first attempt at resumeFrom', () => {
    expect(start({ resumeFrom: '41' }).server.last.cursor).toBe('41')
  })

  it('passes the failure count, the cursor and the cause to the next attempt', () => {
    const { server } = start()
    server.last.message('a', '7')
    const error = lost()
    server.last.fail(error)
    vi.runAllTimers()
    expect(server.last).toMatchObject({ attempt: 1, cursor: '7' })
    expect(server.last.cause).toBe(error)
  })

  it('resumes from the last id that it received', () => {
    const { server, next } = start({ resumeFrom: '1' })
    server.last.message('b', '2')
    server.last.message('c', '3')
    server.last.message('no id')
    expect(next().cursor).toBe('3')
    expect(next().cursor).toBe('3')
    server.last.message('d', '')
    expect(next().cursor).toBe('')
  })

  it('resumes from a cursor that the attempt sets without a message', () => {
    const { server, next } = start()
    server.last.message('a', '1')
    server.last.moveCursor('2')
    expect(next().cursor).toBe('2')
    server.last.moveCursor('3')
    server.last.message('d', '4')
    expect(next().cursor).toBe('4')
  })

  it('updates the cursor and the last message of a running attempt', () => {
    const { server } = start({ resumeFrom: '1' })
    const attempt = server.last
    server.last.message('b', '2')
    expect(attempt.cursor).toBe('2')
    expect(attempt.last).toEqual({ type: 'message', data: 'b', id: '2' })
  })

  it('ignores calls from a finished attempt', () => {
    const now = new Subject<void>()
    const { server } = start({ resumeFrom: '1', reconnectNow: now, random: () => 0 })
    const stale = server.last
    now.next()
    stale.moveCursor('666')
    stale.retryAfter(60_000)
    expect(server.last.cursor).toBe('1')
    server.last.fail(lost())
    vi.advanceTimersByTime(1_000)
    expect(server.attempts).toHaveLength(3)
  })

  it('keeps one cursor per subscription', () => {
    const server = new HandMadeServer()
    const wire = reconnecting(server.connect, { resumeFrom: '0' })
    record(wire)
    const first = server.last
    first.message('a', '1')
    record(wire)
    expect(server.last.cursor).toBe('0')
    server.last.message('b', '2')
    first.fail(lost())
    vi.runAllTimers()
    expect(server.last.cursor).toBe('1')
    expect(server.attempts).toHaveLength(3)
  })
})
