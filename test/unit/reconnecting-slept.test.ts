import { describe, expect, it, vi } from 'vitest'
import { lost } from './support/attempts.ts'
import { serve, start, wakeUps } from './support/page-session.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

describe.each(wakeUps)('reconnecting: when the page %s', (_, wake) => {
  it('keeps a connection with activity within ten seconds', () => {
    const { page, server } = serve()
    wake(page)
    vi.advanceTimersByTime(9_999)
    server.last.progress('download', 1)
    vi.advanceTimersByTime(600_000)
    expect(server.attempts).toHaveLength(1)
  })

  it('replaces a silent connection promptly from its cursor, without counting a failure', () => {
    const { page, server, lastWait } = serve()
    wake(page)
    vi.advanceTimersByTime(9_999)
    expect(server.live).toBe(1)
    vi.advanceTimersByTime(1)
    expect(server.live).toBe(0)
    expect(lastWait()).toMatchObject({ attempt: 0, delayMs: 150, cause: { kind: 'timeout', retryable: true } })
    vi.advanceTimersByTime(150)
    expect(server.last).toMatchObject({ attempt: 0, cursor: '7', cause: { kind: 'timeout' } })
  })

  it('resets the failure count after proof of service', () => {
    const { page, server } = serve()
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    server.last.open()
    vi.advanceTimersByTime(9_400)
    wake(page)
    vi.advanceTimersByTime(10_150)
    expect(server.last.attempt).toBe(0)
  })

  it('does not extend the time limit on another signal', () => {
    const { page, server } = serve()
    wake(page)
    vi.advanceTimersByTime(6_000)
    page.resume()
    vi.advanceTimersByTime(4_000)
    expect(server.live).toBe(0)
  })

  it('replaces an attempt that is still connecting', () => {
    const { page, server } = start()
    wake(page)
    vi.advanceTimersByTime(10_150)
    expect(server.attempts).toHaveLength(2)
    expect(server.last.attempt).toBe(0)
  })

  it('keeps a connection that has delivered messages without ids, because it cannot resume', () => {
    const { page, server } = start()
    server.last.message('a')
    wake(page)
    vi.advanceTimersByTime(600_000)
    expect(server.attempts).toHaveLength(1)
    expect(server.live).toBe(1)
  })

  it('keeps the connection if no retry is allowed', () => {
    const { page, server } = serve({ maxRetries: 0 })
    wake(page)
    vi.advanceTimersByTime(600_000)
    expect(server.live).toBe(1)
  })

  it('calls the probe of an attempt and waits for its result', () => {
    const { page, server } = serve()
    const probe = vi.fn()
    server.last.onProbe(probe)
    wake(page)
    expect(probe).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    expect(server.live).toBe(1)
  })

  it('keeps an attempt that becomes unrepeatable during the liveness check', () => {
    const { page, server } = serve()
    wake(page)
    server.last.markUnrepeatable()
    vi.advanceTimersByTime(60_000)
    expect(server.attempts).toHaveLength(1)
    expect(server.live).toBe(1)
  })

  it('does not call the probe of a finished attempt', () => {
    const { page, server } = serve()
    const probe = vi.fn()
    const over = server.last
    over.onProbe(probe)
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    over.onProbe(probe)
    wake(page)
    expect(probe).not.toHaveBeenCalled()
  })

  it('does not count a failure before the first activity and retries promptly', () => {
    const { page, server, session, lastWait } = serve({ maxRetries: 1 })
    server.last.fail(lost())
    vi.advanceTimersByTime(600)
    wake(page)
    const cause = lost()
    server.last.fail(cause)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
    vi.advanceTimersByTime(150)
    server.last.fail(lost())
    expect(session.end).toMatchObject({ message: 'lost' })
  })

  it('counts a failure after activity', () => {
    const { page, server, lastWait } = serve()
    wake(page)
    server.last.progress('download', 1)
    server.last.fail(lost())
    expect(lastWait()).toMatchObject({ attempt: 1, delayMs: 600 })
  })

  it('releases its timers and listeners when the subscriber unsubscribes', () => {
    const { page, session } = serve()
    wake(page)
    page.resume()
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners).toBe(0)
  })
})

describe('reconnecting: a connect timeout during a sleep', () => {
  it('does not count as a failure', () => {
    const { page, server, lastWait } = start({ connectTimeoutMs: 5_000 })
    page.sleep(3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(server.live).toBe(0)
    expect(lastWait()).toMatchObject({ attempt: 0, delayMs: 150, cause: { kind: 'timeout' } })
  })

  it('fails the wire if no retry is allowed', () => {
    const { page, server, session } = start({ connectTimeoutMs: 5_000, maxRetries: 0 })
    page.sleep(3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
    expect(server.attempts).toHaveLength(1)
  })
})
