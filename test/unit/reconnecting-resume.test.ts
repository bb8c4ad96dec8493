import { Subject } from 'rxjs'
import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost } from './support/attempts.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions = {}) {
  const server = new HandMadeServer()
  record(reconnecting(server.attempt, policy))
  const next = () => {
    server.last.sink.fail(lost())
    vi.runAllTimers()
    return server.last
  }
  return { server, next }
}

describe('reconnecting: resume', () => {
  it('tells the first attempt that nothing is known', () => {
    expect(start().server.last.session).toMatchObject({ attempt: 0, cursor: undefined, cause: undefined })
  })

  it('begins at the cursor that it is given', () => {
    expect(start({ cursor: '41' }).server.last.session.cursor).toBe('41')
  })

  it('tells an attempt how many have failed, where to resume, and why', () => {
    const { server } = start()
    server.last.sink.message('a', '7')
    const error = lost()
    server.last.sink.fail(error)
    vi.runAllTimers()
    expect(server.last.session).toMatchObject({ attempt: 1, cursor: '7' })
    expect(server.last.session.cause).toBe(error)
  })

  it('resumes from the last id that was received', () => {
    const { server, next } = start({ cursor: '1' })
    server.last.sink.message('b', '2')
    server.last.sink.message('c', '3')
    server.last.sink.message('no id')
    expect(next().session.cursor).toBe('3')
    expect(next().session.cursor).toBe('3')
    server.last.sink.message('d', '')
    expect(next().session.cursor).toBe('')
  })

  it('resumes from where the attempt says, without a message', () => {
    const { server, next } = start()
    server.last.sink.message('a', '1')
    server.last.session.resumeFrom('2')
    expect(next().session.cursor).toBe('2')
    server.last.session.resumeFrom('3')
    server.last.sink.message('d', '4')
    expect(next().session.cursor).toBe('4')
  })

  it('moves the cursor of a running attempt, and shows it the last message', () => {
    const { server } = start({ cursor: '1' })
    const { session } = server.last
    server.last.sink.message('b', '2')
    expect(session.cursor).toBe('2')
    expect(session.last).toEqual({ type: 'message', data: 'b', id: '2' })
  })

  it('does not listen to an attempt that is over', () => {
    const now = new Subject<void>()
    const { server } = start({ cursor: '1', reconnectNow: now, random: () => 0 })
    const { session: stale } = server.last
    now.next()
    stale.resumeFrom('666')
    stale.waitAtLeast(60_000)
    expect(server.last.session.cursor).toBe('1')
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(1_000)
    expect(server.attempts).toHaveLength(3)
  })

  it('keeps a cursor for each subscription', () => {
    const server = new HandMadeServer()
    const wire = reconnecting(server.attempt, { cursor: '0' })
    record(wire)
    const first = server.last
    first.sink.message('a', '1')
    record(wire)
    expect(server.last.session.cursor).toBe('0')
    server.last.sink.message('b', '2')
    first.sink.fail(lost())
    vi.runAllTimers()
    expect(server.last.session.cursor).toBe('1')
    expect(server.attempts).toHaveLength(3)
  })
})
