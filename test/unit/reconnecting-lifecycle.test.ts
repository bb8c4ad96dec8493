import { type ReconnectingOptions, reconnecting } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost } from './support/attempts.ts'
import { type StubbedPage, stubPageForTest } from './support/page.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions = {}) {
  const page = stubPageForTest()
  const server = new HandMadeServer()
  const session = record(reconnecting(server.attempt, { random: () => 0.5, ...policy }))
  const lastWait = () => session.events.findLast((event) => event.type === 'waiting')
  return { page, server, session, lastWait }
}

/** A session that is open and has delivered something with a place to go on from. */
function serve(policy: ReconnectingOptions = {}, cursor: string | undefined = '7') {
  const started = start(policy)
  started.server.last.sink.open()
  started.server.last.sink.message('a', cursor)
  // The next look at the clock is ten seconds away, as it is at the start.
  vi.advanceTimersByTime(10_000)
  return started
}

const longWait = { backoff: () => ({ floorMs: 40_000, spanMs: 0 }) }

type Comeback = [string, (page: StubbedPage) => void]

const wakings: Comeback[] = [
  ['is resumed', (page) => page.resume()],
  ['is back from where it was kept', (page) => page.appear(true)],
  [
    'has slept',
    (page) => {
      page.sleep(60_000)
      vi.advanceTimersByTime(10_000)
    },
  ],
]
const comebacks: Comeback[] = [...wakings, ['is shown', (page) => page.show()]]

describe('reconnecting: a hidden page', () => {
  it.each([undefined, 'reconnect', 'wait'] as const)('stays open while hidden: %s', (whileHidden) => {
    const { page, server, session } = serve({ whileHidden })
    page.hide()
    vi.advanceTimersByTime(600_000)
    page.show()
    server.last.sink.message('still here')
    expect(session.types()).toEqual(['connecting', 'open', 'message', 'message'])
  })

  it('reconnects while hidden, unless it is told to wait', () => {
    const { page, server } = serve()
    page.hide()
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    expect(server.attempts).toHaveLength(2)
  })

  it('waits until the page is shown where it is told to, and tries then within 300 ms', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    const cause = lost()
    page.hide()
    server.last.sink.fail(cause)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'hidden' })
    vi.advanceTimersByTime(3_600_000)
    expect(server.attempts).toHaveLength(1)
    page.show()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it('is parked when it is hidden while it waits', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait', ...longWait })
    server.last.sink.fail(lost())
    page.hide()
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    vi.advanceTimersByTime(300_000)
    expect(server.attempts).toHaveLength(1)
  })

  it('waits as before when it is hidden, unless it is told to wait', () => {
    const { page, server, session } = serve(longWait)
    server.last.sink.fail(lost())
    const before = [...session.events]
    page.hide()
    expect(session.events).toEqual(before)
  })

  it('is not parked by being frozen: it sleeps as it is', () => {
    const { page, server, session } = serve({ whileHidden: 'wait', ...longWait })
    server.last.sink.fail(lost())
    const before = [...session.events]
    Object.assign(document, { visibilityState: 'hidden' })
    page.freeze()
    expect(session.events).toEqual(before)
  })

  it('stays parked when the page is shown and the network is still away', () => {
    const { page, server, session } = serve(longWait)
    page.goOffline()
    server.last.sink.fail(lost())
    const before = [...session.events]
    page.hide()
    page.show()
    expect(session.events).toEqual(before)
  })

  it('stays parked when the network is back without a word and the page was hidden meanwhile', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    page.goOffline()
    server.last.sink.fail(lost())
    page.claim(true)
    Object.assign(document, { visibilityState: 'hidden' })
    vi.advanceTimersByTime(67_500)
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    expect(server.attempts).toHaveLength(1)
  })

  it('is parked when a wait ends and the page was hidden without a word', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    server.last.sink.fail(lost())
    Object.assign(document, { visibilityState: 'hidden' })
    vi.advanceTimersByTime(600)
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    page.show()
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it('notices within a minute that the page is shown, if nobody says so', () => {
    const { page, server } = serve({ whileHidden: 'wait' })
    page.hide()
    server.last.sink.fail(lost())
    Object.assign(document, { visibilityState: 'visible' })
    vi.advanceTimersByTime(67_500)
    expect(server.attempts).toHaveLength(2)
  })

  it('makes the first attempt also while hidden', () => {
    const page = stubPageForTest()
    page.hide()
    const server = new HandMadeServer()
    record(reconnecting(server.attempt, { whileHidden: 'wait' }))
    expect(server.attempts).toHaveLength(1)
  })

  it('stays parked when the network is back and the page is still hidden', () => {
    const { page, server, lastWait } = serve({ whileHidden: 'wait' })
    page.hide()
    page.goOffline()
    server.last.sink.fail(lost())
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    page.goOnline()
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    page.show()
    expect(lastWait()).toMatchObject({ delayMs: 150 })
  })

  it('refuses at the call a word that it does not know', () => {
    expect(() => reconnecting(new HandMadeServer().attempt, { whileHidden: 'sleep' as 'wait' })).toThrow(TypeError)
  })
})

describe('reconnecting: a page that is back', () => {
  it.each(comebacks)('hurries a wait when the page %s, without counting anything', (_, comeBack) => {
    const { page, server, session } = serve(longWait)
    const cause = lost()
    server.last.sink.fail(cause)
    comeBack(page)
    vi.advanceTimersByTime(300)
    expect(server.attempts).toHaveLength(2)
    expect(server.last.session).toMatchObject({ attempt: 1, cause, cursor: '7' })
    expect(session.events).toContainEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
  })

  it('begins one wait when all the signals come at once', () => {
    const { page, server, session } = serve(longWait)
    server.last.sink.fail(lost())
    page.show()
    page.resume()
    page.appear(true)
    page.goOnline()
    expect(session.types().filter((type) => type === 'waiting')).toHaveLength(2)
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
  })

  it.each(comebacks)('does not come back earlier than Retry-After when the page %s', (_, comeBack) => {
    const { page, server } = serve()
    server.last.sink.fail(lost({ retryAfterMs: 200_000 }))
    comeBack(page)
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(1)
  })

  it.each(comebacks)('stays parked when the page %s and the host claims to be offline', (_, comeBack) => {
    const { page, server, lastWait } = serve()
    page.goOffline()
    server.last.sink.fail(lost())
    comeBack(page)
    vi.advanceTimersByTime(20_000)
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    expect(server.attempts).toHaveLength(1)
  })
})

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
    expect(server.last.session).toMatchObject({ attempt: 0, cause: undefined, cursor: '7' })
    expect(session.end).toBeUndefined()
  })

  it('forgets by then why an earlier connection was lost', () => {
    const { page, server, lastWait } = serve()
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    server.last.sink.open()
    vi.advanceTimersByTime(6_000)
    leave(page)
    comeBack(page)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 150, cause: 'hidden' })
  })

  it('neither counts it nor forgets what failed before, if the attempt had not proven itself', () => {
    const { page, server } = start()
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    leave(page)
    comeBack(page)
    vi.advanceTimersByTime(150)
    expect(server.last.session.attempt).toBe(1)
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
    server.last.session.keep()
    leave(page)
    expect(server.live).toBe(1)
  })

  it('lets a later attempt go although an earlier one was to be kept', () => {
    const { page, server } = serve()
    server.last.session.keep()
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    server.attempts[0]?.session.keep()
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

describe.each(wakings)('reconnecting: when the page %s', (_, wake) => {
  it('keeps what shows a sign of life within ten seconds', () => {
    const { page, server } = serve()
    wake(page)
    vi.advanceTimersByTime(9_999)
    server.last.sink.progress('download', 1)
    vi.advanceTimersByTime(600_000)
    expect(server.attempts).toHaveLength(1)
  })

  it('replaces what stays silent from where it was, soon, and counts nothing', () => {
    const { page, server, lastWait } = serve()
    wake(page)
    vi.advanceTimersByTime(9_999)
    expect(server.live).toBe(1)
    vi.advanceTimersByTime(1)
    expect(server.live).toBe(0)
    expect(lastWait()).toMatchObject({ attempt: 0, delayMs: 150, cause: { kind: 'timeout', retryable: true } })
    vi.advanceTimersByTime(150)
    expect(server.last.session).toMatchObject({ attempt: 0, cursor: '7', cause: { kind: 'timeout' } })
  })

  it('forgets by then what failed before, if the attempt had proven itself', () => {
    const { page, server } = serve()
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    server.last.sink.open()
    vi.advanceTimersByTime(9_400)
    wake(page)
    vi.advanceTimersByTime(10_150)
    expect(server.last.session.attempt).toBe(0)
  })

  it('does not give it more time when there is another signal', () => {
    const { page, server } = serve()
    wake(page)
    vi.advanceTimersByTime(6_000)
    page.resume()
    vi.advanceTimersByTime(4_000)
    expect(server.live).toBe(0)
  })

  it('replaces what has delivered nothing, and is still connecting', () => {
    const { page, server } = start()
    wake(page)
    vi.advanceTimersByTime(10_150)
    expect(server.attempts).toHaveLength(2)
    expect(server.last.session.attempt).toBe(0)
  })

  it('leaves alone what might lose by it: messages have come, and no place to go on from', () => {
    const { page, server } = start()
    server.last.sink.message('a')
    wake(page)
    vi.advanceTimersByTime(600_000)
    expect(server.attempts).toHaveLength(1)
    expect(server.live).toBe(1)
  })

  it('leaves alone what may not be tried again', () => {
    const { page, server } = serve({ maxRetries: 0 })
    wake(page)
    vi.advanceTimersByTime(600_000)
    expect(server.live).toBe(1)
  })

  it('lets an attempt that can ask do so, and waits for it', () => {
    const { page, server } = serve()
    const probe = vi.fn()
    server.last.session.onProbe(probe)
    wake(page)
    expect(probe).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    expect(server.live).toBe(1)
  })

  it('leaves alone what was doubted before it could not be repeated', () => {
    const { page, server } = serve()
    wake(page)
    server.last.session.keep()
    vi.advanceTimersByTime(60_000)
    expect(server.attempts).toHaveLength(1)
    expect(server.live).toBe(1)
  })

  it('asks nothing of an attempt that is over', () => {
    const { page, server } = serve()
    const probe = vi.fn()
    const { session } = server.last
    session.onProbe(probe)
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    session.onProbe(probe)
    wake(page)
    expect(probe).not.toHaveBeenCalled()
  })

  it('does not count what fails before it has shown a sign of life, and tries again soon', () => {
    const { page, server, session, lastWait } = serve({ maxRetries: 1 })
    server.last.sink.fail(lost())
    vi.advanceTimersByTime(600)
    wake(page)
    const cause = lost()
    server.last.sink.fail(cause)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause })
    vi.advanceTimersByTime(150)
    server.last.sink.fail(lost())
    expect(session.end).toMatchObject({ message: 'lost' })
  })

  it('counts what fails after a sign of life', () => {
    const { page, server, lastWait } = serve()
    wake(page)
    server.last.sink.progress('download', 1)
    server.last.sink.fail(lost())
    expect(lastWait()).toMatchObject({ attempt: 1, delayMs: 600 })
  })

  it('leaves no timer behind a subscriber who leaves', () => {
    const { page, session } = serve()
    wake(page)
    page.resume()
    session.stop()
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners).toBe(0)
  })
})

describe('reconnecting: a time to connect that was slept through', () => {
  it('does not count', () => {
    const { page, server, lastWait } = start({ connectTimeoutMs: 5_000 })
    page.sleep(3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(server.live).toBe(0)
    expect(lastWait()).toMatchObject({ attempt: 0, delayMs: 150, cause: { kind: 'timeout' } })
  })

  it('ends all the same what may not be tried again', () => {
    const { page, server, session } = start({ connectTimeoutMs: 5_000, maxRetries: 0 })
    page.sleep(3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(session.end).toMatchObject({ kind: 'timeout' })
    expect(server.attempts).toHaveLength(1)
  })
})
