import { Observable, tap } from 'rxjs'
import { reconnecting, type WireEvent, type WireStore, type WireStoreOptions, wireStore } from 'rxwire'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HandMadeServer, lost } from './support/attempts.ts'
import { stubNetworkForTest } from './support/network.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const FRAME_MS = 16

const subscriptions: (() => void)[] = []
afterEach(() => {
  for (const unsubscribe of subscriptions.splice(0)) unsubscribe()
  vi.advanceTimersByTime(10_000)
})

/** Listens to a store until the test is over. */
function subscribe(store: WireStore<unknown>): () => void {
  const unsubscribe = store.subscribe(() => {})
  subscriptions.push(unsubscribe)
  return unsubscribe
}

/** A store with one listener, whose wire reconnects to a hand-made server. */
function start(options?: WireStoreOptions) {
  const network = stubNetworkForTest()
  const server = new HandMadeServer()
  const source = ({ resumeFrom }: { readonly resumeFrom: string | undefined }) =>
    reconnecting(server.connect, { resumeFrom })
  const store = wireStore(source, options)
  const listen = () => subscribe(store)
  return { network, server, source, store, listen, leave: listen() }
}

const states: [string, (started: ReturnType<typeof start>) => void][] = [
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
]

describe('wireStore: stop', () => {
  it.each(states)('keeps the connection closed despite listeners when stopped while %s', (_, reach) => {
    const started = start()
    reach(started)
    const { network, server, store, listen, leave } = started
    store.stop()
    expect(server.live).toBe(0)
    network.goOnline()
    network.goOffline()
    network.goOnline()
    listen()
    leave()
    vi.advanceTimersByTime(600_000)
    network.goOnline()
    vi.advanceTimersByTime(600_000)
    expect(server.attempts).toHaveLength(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
  })

  it('stays stopped for a listener that subscribes after the last one has unsubscribed', () => {
    const { server, store, listen, leave } = start()
    store.stop()
    leave()
    vi.advanceTimersByTime(0)
    listen()
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
    store.reconnect()
    expect(server.attempts).toHaveLength(2)
    vi.advanceTimersByTime(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'connecting', close: undefined })
  })

  it('does not apply to another store of the key that connects after lingerMs', () => {
    const options = { key: 'stopped', lingerMs: 5_000 }
    const { server, store, source, leave } = start(options)
    const come = () => subscribe(wireStore(source, options))
    store.stop()
    leave()
    vi.advanceTimersByTime(4_999)
    const leaveAgain = come()
    vi.advanceTimersByTime(100_000)
    expect(server.attempts).toHaveLength(1)
    leaveAgain()
    vi.advanceTimersByTime(5_000)
    come()
    expect(server.attempts).toHaveLength(2)
  })
})

describe('wireStore: calls during the first event', () => {
  /** A store that runs `tell` during the first `connecting` event, and the number of its wires, made and live. */
  function startTelling(tell: (store: WireStore<string | undefined>) => void) {
    const counts = { made: 0, live: 0 }
    const wire = new Observable<WireEvent<string>>((subscriber) => {
      counts.made += 1
      counts.live += 1
      subscriber.add(() => {
        counts.live -= 1
      })
      subscriber.next({ type: 'connecting', attempt: 0 })
    })
    const store: WireStore<string | undefined> = wireStore(() =>
      wire.pipe(
        tap(() => {
          if (counts.made === 1) tell(store)
        }),
      ),
    )
    const leave = store.subscribe(() => {})
    return { counts, store, leave }
  }

  it('closes the connection on stop', () => {
    const { counts, store } = startTelling((store) => store.stop())
    vi.advanceTimersByTime(FRAME_MS)
    expect(counts).toEqual({ made: 1, live: 0 })
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
  })

  it('connects again on reconnect and keeps one connection', () => {
    const { counts, leave } = startTelling((store) => store.reconnect())
    expect(counts).toEqual({ made: 2, live: 1 })
    leave()
    vi.advanceTimersByTime(0)
    expect(counts.live).toBe(0)
  })
})
