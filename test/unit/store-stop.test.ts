import { reconnecting, type WireStoreOptions, wireStore } from 'rxwire'
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
  const source = ({ cursor }: { readonly cursor: string | undefined }) => reconnecting(server.attempt, { cursor })
  const store = wireStore(source, options)
  const listen = () => store.subscribe(() => {})
  return { network, server, source, store, listen, leave: listen() }
}

const states: [string, (started: ReturnType<typeof start>) => void][] = [
  ['connecting', () => {}],
  ['open', ({ server }) => server.last.sink.open()],
  ['waiting', ({ server }) => server.last.sink.fail(lost())],
  [
    'parked',
    ({ server, network }) => {
      network.goOffline()
      server.last.sink.fail(lost())
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
