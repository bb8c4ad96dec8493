import { EMPTY, from, of, Subject, take, throwError } from 'rxjs'
import { type ReconnectingOptions, reconnecting, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost, refused, unauthorized } from './support/attempts.ts'
import { stubNetworkForTest } from './support/network.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions = {}, onEvent?: (event: WireEvent<string>, now: Subject<void>) => void) {
  const network = stubNetworkForTest()
  const server = new HandMadeServer()
  const now = new Subject<void>()
  const wire = reconnecting(server.connect, { random: () => 0.5, reconnectNow: now, ...policy })
  const session = record(wire, (event) => onEvent?.(event, now))
  return { network, server, now, session }
}

type Started = ReturnType<typeof start>

const states: [string, (started: Started) => void][] = [
  ['connecting', () => {}],
  ['open', ({ server }) => server.last.open()],
  ['waiting', ({ server }) => server.last.fail(lost())],
  [
    'paused',
    ({ server, network }) => {
      network.goOffline()
      server.last.fail(lost())
    },
  ],
  [
    'connecting again',
    ({ server }) => {
      server.last.fail(lost())
      vi.advanceTimersByTime(600)
    },
  ],
]

describe('reconnecting: reconnectNow', () => {
  it.each(states)('starts a new attempt at once while %s and numbers it 0', (_, reach) => {
    const started = start()
    reach(started)
    const { server, now, session } = started
    const before = server.attempts.length
    now.next()
    expect(server.attempts).toHaveLength(before + 1)
    expect(server.live).toBe(1)
    expect(session.events.at(-1)).toEqual({ type: 'connecting', attempt: 0 })
    expect(server.last).toMatchObject({ attempt: 0, cause: undefined })
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(before + 1)
  })

  it('forgets earlier failures', () => {
    const { server, now, session } = start({ maxRetries: 2 })
    for (const delayMs of [600, 1_100]) {
      server.last.fail(lost())
      vi.advanceTimersByTime(delayMs)
    }
    now.next()
    server.last.fail(lost())
    expect(session.events.at(-1)).toMatchObject({ type: 'waiting', attempt: 1, delayMs: 600 })
  })

  it('allows another request for fresh credentials', () => {
    const { server, now, session } = start()
    server.last.fail(unauthorized())
    now.next()
    server.last.fail(unauthorized())
    expect(session.types().at(-1)).toBe('waiting')
  })

  it('keeps the cursor', () => {
    const { server, now } = start()
    server.last.message('a', '1')
    now.next()
    expect(server.last.cursor).toBe('1')
  })

  it('restarts the connect timeout', () => {
    const { server, now, session } = start({ connectTimeoutMs: 1_000 })
    vi.advanceTimersByTime(900)
    now.next()
    vi.advanceTimersByTime(999)
    expect(session.types()).toEqual(['connecting', 'connecting'])
    vi.advanceTimersByTime(1)
    expect(session.types().at(-1)).toBe('waiting')
    expect(server.live).toBe(0)
  })

  it.each(['completion', 'failure', 'unsubscribe'])('does nothing after %s', (end) => {
    const { server, now, session } = start()
    if (end === 'completion') server.last.close({ wasClean: true })
    else if (end === 'failure') server.last.fail(refused())
    else session.stop()
    const events = session.events.length
    expect(now.observed).toBe(false)
    now.next()
    expect(server.attempts).toHaveLength(1)
    expect(session.events).toHaveLength(events)
  })

  it('makes exactly one attempt when it is called during a waiting event', () => {
    const { server, session } = start({}, (event, now) => {
      if (event.type === 'waiting') now.next()
    })
    server.last.fail(lost())
    expect(session.types()).toEqual(['connecting', 'waiting', 'connecting'])
    expect(server.attempts).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(2)
  })

  it('makes exactly one connection when it is called during a connecting event', () => {
    let calls = 0
    const { server, session } = start({ connectTimeoutMs: 1_000 }, (event, now) => {
      if (event.type !== 'connecting' || calls === 1) return
      calls += 1
      now.next()
    })
    expect(session.types()).toEqual(['connecting', 'connecting'])
    expect(server.attempts).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('ignores the completion or failure of its source', () => {
    for (const source of [EMPTY, throwError(() => new Error('a bug of the caller'))]) {
      const server = new HandMadeServer()
      const session = record(reconnecting(server.connect, { reconnectNow: source }))
      server.last.message('a')
      expect(session.data()).toEqual(['a'])
      expect(session.end).toBeUndefined()
    }
  })

  it('makes one attempt when its source emits on subscription', () => {
    const server = new HandMadeServer()
    const session = record(reconnecting(server.connect, { reconnectNow: of(1) }))
    expect(server.attempts).toHaveLength(1)
    expect(session.types()).toEqual(['connecting'])
  })

  it.each([[[1]], [[1, 2]]])(
    'releases everything if the subscriber unsubscribes at once while the source emits %j',
    (emits) => {
      const server = new HandMadeServer()
      record(reconnecting(server.connect, { reconnectNow: from(emits), connectTimeoutMs: 1_000 }).pipe(take(1)))
      expect(server.live).toBe(0)
      expect(vi.getTimerCount()).toBe(0)
    },
  )
})
