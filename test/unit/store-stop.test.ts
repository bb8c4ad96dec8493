import { Observable, tap } from 'rxjs'
import { reconnecting, type WireEvent, type WireStore, type WireStoreOptions, wireStore } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { HandMadeServer, lost } from './support/attempts.ts'
import { stubNetworkForTest } from './support/network.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const FRAME_MS = 16

/** A store with one listener, whose wire reconnects to a hand-made server. */
function start(options?: WireStoreOptions) {
  const network = stubNetworkForTest()
  const server = new HandMadeServer()
  const source = ({ resumeFrom }: { readonly resumeFrom: string | undefined }) =>
    reconnecting(server.connect, { resumeFrom })
  const store = wireStore(source, options)
  const listen = () => store.subscribe(() => {})
  return { network, server, source, store, listen, leave: listen() }
}

const states: [string, (started: ReturnType<typeof start>) => void][] = [
  ['connecting', () => {}],
  ['open', ({ server }) => server.last.open()],
  ['waiting', ({ server }) => server.last.fail(lost())],
  [
    'parked',
    ({ server, network }) => {
      network.goOffline()
      server.last.fail(lost())
    },
  ],
]

describe('wireStore: stop', () => {
  it.each(states)('keeps the connection closed while somebody listens, stopped while %s', (_, reach) => {
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

  it('stays stopped for one who comes after the last has left', () => {
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

  it('is opened again by another store of the key, once the last has left and the linger is over', () => {
    const options = { key: 'stopped', lingerMs: 5_000 }
    const { server, store, source, leave } = start(options)
    const come = () => wireStore(source, options).subscribe(() => {})
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

describe('wireStore: in the midst of the first event', () => {
  /** A store that is told something when its first wire says that it is connecting, and how many of its wires are open. */
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

  it('is stopped', () => {
    const { counts, store } = startTelling((store) => store.stop())
    vi.advanceTimersByTime(FRAME_MS)
    expect(counts).toEqual({ made: 1, live: 0 })
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', close: { reason: 'stopped' } })
  })

  it('connects anew, and holds one connection', () => {
    const { counts, leave } = startTelling((store) => store.reconnect())
    expect(counts).toEqual({ made: 2, live: 1 })
    leave()
    vi.advanceTimersByTime(0)
    expect(counts.live).toBe(0)
  })
})
