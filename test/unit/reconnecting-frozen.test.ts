import { describe, expect, it, vi } from 'vitest'
import { lost } from './support/attempts.ts'
import type { StubbedPage } from './support/page.ts'
import { serve, start } from './support/page-session.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const leavings: [string, (page: StubbedPage) => void, (page: StubbedPage) => void][] = [
  ['enters the back/forward cache', (page) => page.leave(true), (page) => page.appear(true)],
  ['is frozen', (page) => page.freeze(), (page) => page.resume()],
]

describe.each(leavings)('reconnecting: when the page %s', (_, leave, comeBack) => {
  it('closes the connection and resumes from its cursor when the page is back', () => {
    const { page, server, session, lastWait } = serve()
    leave(page)
    expect(server.live).toBe(0)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 67_500, cause: 'hidden' })
    comeBack(page)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 150, cause: 'hidden' })
    vi.advanceTimersByTime(150)
    expect(server.last).toMatchObject({ attempt: 0, cause: undefined, cursor: '7' })
    expect(session.end).toBeUndefined()
  })

  it('forgets the cause of an earlier failure after proof of service', () => {
    const { page, server, lastWait } = serve()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    server.last.open()
    vi.advanceTimersByTime(6_000)
    leave(page)
    comeBack(page)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 150, cause: 'hidden' })
  })

  it('keeps the failure count if there was no proof of service', () => {
    const { page, server } = start()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    leave(page)
    comeBack(page)
    vi.advanceTimersByTime(150)
    expect(server.last.attempt).toBe(1)
  })

  it('reconnects after a paused wait even if the page never signals its return', () => {
    const { page, server } = serve()
    leave(page)
    vi.advanceTimersByTime(67_500)
    expect(server.live).toBe(1)
  })

  it('keeps the connection if no retry is allowed', () => {
    const { page, server } = serve({ maxRetries: 0 })
    leave(page)
    expect(server.live).toBe(1)
  })

  it('keeps an unrepeatable attempt', () => {
    const { page, server } = serve()
    server.last.markUnrepeatable()
    leave(page)
    expect(server.live).toBe(1)
  })

  it('closes a later attempt even if an earlier one was unrepeatable', () => {
    const { page, server } = serve()
    server.last.markUnrepeatable()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    server.attempts[0]?.markUnrepeatable()
    leave(page)
    expect(server.live).toBe(0)
  })
})

describe('reconnecting: when the page is unloaded', () => {
  it('keeps the connection', () => {
    const { page, server } = serve()
    page.leave(false)
    expect(server.live).toBe(1)
  })
})
