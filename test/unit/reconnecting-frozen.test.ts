import { describe, expect, it, vi } from 'vitest'
import { lost } from './support/attempts.ts'
import type { StubbedPage } from './support/page.ts'
import { serve, start } from './support/page-session.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const leavings: [string, (page: StubbedPage) => void, (page: StubbedPage) => void][] = [
  ['is kept for the way back', (page) => page.leave(true), (page) => page.appear(true)],
  ['is frozen', (page) => page.freeze(), (page) => page.resume()],
]

describe.each(leavings)('reconnecting: when the page %s', (_, leave, comeBack) => {
  it('closes what is open, and opens it from where it was when the page is back', () => {
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

  it('forgets by then why an earlier connection was lost', () => {
    const { page, server, lastWait } = serve()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    server.last.open()
    vi.advanceTimersByTime(6_000)
    leave(page)
    comeBack(page)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 150, cause: 'hidden' })
  })

  it('neither counts it nor forgets what failed before, if the attempt had not proven itself', () => {
    const { page, server } = start()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    leave(page)
    comeBack(page)
    vi.advanceTimersByTime(150)
    expect(server.last.attempt).toBe(1)
  })

  it('comes back by itself when that was not so, after all', () => {
    const { page, server } = serve()
    leave(page)
    vi.advanceTimersByTime(67_500)
    expect(server.live).toBe(1)
  })

  it('leaves alone what may not be tried again', () => {
    const { page, server } = serve({ maxRetries: 0 })
    leave(page)
    expect(server.live).toBe(1)
  })

  it('leaves alone what could not be repeated', () => {
    const { page, server } = serve()
    server.last.markUnrepeatable()
    leave(page)
    expect(server.live).toBe(1)
  })

  it('lets a later attempt go although an earlier one was to be kept', () => {
    const { page, server } = serve()
    server.last.markUnrepeatable()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    server.attempts[0]?.markUnrepeatable()
    leave(page)
    expect(server.live).toBe(0)
  })
})

describe('reconnecting: a page that is left for good', () => {
  it('is left alone', () => {
    const { page, server } = serve()
    page.leave(false)
    expect(server.live).toBe(1)
  })
})
