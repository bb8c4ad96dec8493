import { reconnecting } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost } from './support/attempts.ts'
import { stubPageForTest } from './support/page.ts'
import { comebacks, longWait, serve } from './support/page-session.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

describe('reconnecting: a hidden page', () => {
  it.each([undefined, 'reconnect', 'wait'] as const)('keeps the connection while hidden under %s', (whileHidden) => {
    const { page, server, session } = serve({ whileHidden })
    page.hide()
    vi.advanceTimersByTime(600_000)
    page.show()
    server.last.message('still here')
    expect(session.types()).toEqual(['connecting', 'open', 'message', 'message'])
  })

  it('reconnects while hidden by default', () => {
    const { page, server } = serve()
    page.hide()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    expect(server.attempts).toHaveLength(2)
  })

  it('waits until the page is shown if whileHidden is "wait" and then retries within 300 ms', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    const cause = lost()
    page.hide()
    server.last.fail(cause)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'hidden' })
    vi.advanceTimersByTime(3_600_000)
    expect(server.attempts).toHaveLength(1)
    page.show()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it('pauses a wait when the page is hidden', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait', ...longWait })
    server.last.fail(lost())
    page.hide()
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    vi.advanceTimersByTime(300_000)
    expect(server.attempts).toHaveLength(1)
  })

  it('does not pause a wait by default when the page is hidden', () => {
    const { page, server, session } = serve(longWait)
    server.last.fail(lost())
    const before = [...session.events]
    page.hide()
    expect(session.events).toEqual(before)
  })

  it('does not pause a wait when the page is frozen', () => {
    const { page, server, session } = serve({ whileHidden: 'wait', ...longWait })
    server.last.fail(lost())
    const before = [...session.events]
    Object.assign(document, { visibilityState: 'hidden' })
    page.freeze()
    expect(session.events).toEqual(before)
  })

  it('stays paused when the page is shown while the host is offline', () => {
    const { page, server, session } = serve(longWait)
    page.goOffline()
    server.last.fail(lost())
    const before = [...session.events]
    page.hide()
    page.show()
    expect(session.events).toEqual(before)
  })

  it('stays paused when the network is back without an event but the page is hidden', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    page.goOffline()
    server.last.fail(lost())
    page.claim(true)
    Object.assign(document, { visibilityState: 'hidden' })
    vi.advanceTimersByTime(67_500)
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    expect(server.attempts).toHaveLength(1)
  })

  it('pauses at the end of a wait if the page was hidden without an event', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    server.last.fail(lost())
    Object.assign(document, { visibilityState: 'hidden' })
    vi.advanceTimersByTime(600)
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    page.show()
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it('retries after a paused wait if the page was shown without an event', () => {
    const { page, server } = serve({ whileHidden: 'wait' })
    page.hide()
    server.last.fail(lost())
    Object.assign(document, { visibilityState: 'visible' })
    vi.advanceTimersByTime(67_500)
    expect(server.attempts).toHaveLength(2)
  })

  it('makes the first attempt even while hidden', () => {
    const page = stubPageForTest()
    page.hide()
    const server = new HandMadeServer()
    record(reconnecting(server.connect, { whileHidden: 'wait' }))
    expect(server.attempts).toHaveLength(1)
  })

  it('stays paused when the network is back but the page is still hidden', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    page.hide()
    page.goOffline()
    server.last.fail(lost())
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    page.goOnline()
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    page.show()
    expect(lastWait()).toMatchObject({ delayMs: 150 })
  })

  it('throws a TypeError for an unknown whileHidden at the call', () => {
    expect(() => reconnecting(new HandMadeServer().connect, { whileHidden: 'sleep' as 'wait' })).toThrow(TypeError)
  })
})

describe('reconnecting: a page that is back', () => {
  it.each(comebacks)('retries promptly when the page %s, without counting a failure', (_, comeBack) => {
    const { page, server, session } = serve(longWait)
    const cause = lost()
    server.last.fail(cause)
    comeBack(page)
    vi.advanceTimersByTime(300)
    expect(server.attempts).toHaveLength(2)
    expect(server.last).toMatchObject({ attempt: 1, cause, cursor: '7' })
    expect(session.events).toContainEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
  })

  it('starts one wait when all signals arrive at once', () => {
    const { page, server, session } = serve(longWait)
    server.last.fail(lost())
    page.show()
    page.resume()
    page.appear(true)
    page.goOnline()
    expect(session.types().filter((type) => type === 'waiting')).toHaveLength(2)
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it.each(comebacks)('does not retry earlier than Retry-After when the page %s', (_, comeBack) => {
    const { page, server } = serve()
    server.last.fail(lost({ retryAfterMs: 200_000 }))
    comeBack(page)
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(1)
  })

  it.each(comebacks)('stays paused when the page %s while the host claims to be offline', (_, comeBack) => {
    const { page, server, lastWait } = serve()
    page.goOffline()
    server.last.fail(lost())
    comeBack(page)
    vi.advanceTimersByTime(20_000)
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    expect(server.attempts).toHaveLength(1)
  })
})
