import { EMPTY, from, of, Subject, take, throwError } from 'rxjs'
import { fromEventSource, type ReconnectingOptions, type WireEvent } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { connect } from './support/feed-session.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

function start(policy: ReconnectingOptions = {}, onEvent?: (event: WireEvent<string>, now: Subject<void>) => void) {
  const now = new Subject<void>()
  return { now, ...connect(net, { reconnectNow: now, ...policy, onEvent: (event) => onEvent?.(event, now) }) }
}

type Started = ReturnType<typeof start>

const states: [string, (started: Started) => Promise<void> | void][] = [
  ['connecting', ({ feed }) => feed.stall()],
  ['open', () => {}],
  ['waiting', ({ lose }) => lose()],
  [
    'paused',
    ({ lose }) => {
      Object.assign(navigator, { onLine: false })
      return lose()
    },
  ],
  [
    'connecting again',
    ({ feed, lose }) => {
      feed.stall()
      return lose(600)
    },
  ],
]

describe('reconnecting: reconnectNow', () => {
  it.each(states)('starts a new attempt at once while %s and numbers it 0', async (_, reach) => {
    const started = start()
    await reach(started)
    await net.advance()
    const { feed, now, seen, contexts } = started
    const [before, { atMs }] = [[...feed.attempts], net]
    now.next()
    expect(seen.events.at(-1)).toEqual({ type: 'connecting', attempt: 0 })
    await net.advance(100_000)
    expect(feed.attempts).toEqual([...before, { atMs }])
    expect(feed.open).toBe(1)
    expect(contexts.at(-1)).toMatchObject({ attempt: 0, cause: undefined })
  })

  it('forgets earlier failures', async () => {
    const { now, seen, lose } = start({ maxRetries: 2 })
    await lose(600)
    await lose(1_100)
    now.next()
    await lose()
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', attempt: 1, delayMs: 600 })
  })

  it('allows another request for fresh credentials', async () => {
    const { feed, now, seen } = start()
    feed.answer(401, { times: 2 })
    await net.advance()
    now.next()
    await net.advance()
    expect(feed.attempts).toHaveLength(2)
    expect(seen.types.at(-1)).toBe('waiting')
  })

  it('keeps the cursor', async () => {
    const { feed, now } = start()
    feed.send('a', { id: '1' })
    await net.advance()
    now.next()
    await net.advance()
    expect(feed.attempts.at(-1)?.cursor).toBe('1')
  })

  it('restarts the connect timeout', async () => {
    const { feed, now, seen } = start({ connectTimeoutMs: 1_000 })
    feed.stall()
    await net.advance(900)
    now.next()
    await net.advance(999)
    expect(seen).toEmit(['connecting', 'connecting'])
    await net.advance(1)
    expect(seen).toEmit(['connecting', 'connecting', 'waiting'])
    expect(feed.open).toBe(0)
  })

  it.each(['completion', 'failure', 'unsubscribe'])('does nothing after %s', async (end) => {
    const { feed, now, seen } = start()
    if (end === 'completion') feed.answer(204)
    else if (end === 'failure') feed.answer(404)
    await net.advance()
    if (end === 'unsubscribe') seen.unsubscribe()
    expect(seen.isActive).toBe(false)
    const events = seen.events.length
    expect(now.observed).toBe(false)
    now.next()
    await net.advance()
    expect(feed.attempts).toHaveLength(1)
    expect(seen.events).toHaveLength(events)
  })

  it('makes exactly one attempt when it is called during a waiting event', async () => {
    const types: string[] = []
    const { feed, lose } = start({}, ({ type }, now) => {
      types.push(type)
      if (type === 'waiting') now.next()
    })
    await lose()
    expect(types).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
    expect(feed.attempts).toHaveLength(2)
    // The check of the page for a sleep.
    expect(net.timers).toBe(1)
    await net.advance(100_000)
    expect(feed.attempts).toHaveLength(2)
  })

  it('makes exactly one connection when it is called during a connecting event', async () => {
    let calls = 0
    const { feed, seen } = start({ connectTimeoutMs: 1_000 }, (event, now) => {
      if (event.type !== 'connecting' || calls === 1) return
      calls += 1
      now.next()
    })
    feed.stall()
    await net.advance()
    expect(seen).toEmit(['connecting', 'connecting'])
    expect(feed.attempts).toHaveLength(1)
    // The connect timeout, and the check of the page for a sleep.
    expect(net.timers).toBe(2)
  })

  it.each([
    ['completion', EMPTY],
    ['failure', throwError(() => new Error('a bug of the caller'))],
  ])('ignores the %s of its source', async (_, reconnectNow) => {
    const { feed, seen } = connect(net, { reconnectNow })
    feed.send('a')
    await net.advance()
    expect(seen).toDeliver(['a'])
    expect(seen.isActive).toBe(true)
  })

  it('makes one attempt when its source emits on subscription', async () => {
    const { feed, seen } = connect(net, { reconnectNow: of(1) })
    await net.advance()
    expect(feed.attempts).toHaveLength(1)
    expect(seen).toEmit(['connecting', 'open'])
  })

  it.each([[[1]], [[1, 2]]])(
    'releases everything if the subscriber unsubscribes at once while the source emits %j',
    async (emits) => {
      const feed = net.log('/feed')
      recordWire(fromEventSource('/feed', { reconnect: { reconnectNow: from(emits) } }).pipe(take(1)))
      await net.advance()
      expect(feed.open).toBe(0)
      expect(net.timers).toBe(0)
    },
  )
})
