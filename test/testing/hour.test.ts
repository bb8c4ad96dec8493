import { fromEventSource, fromLongPoll, fromWebSocket, pingPong } from 'rxwire'
import { fakeNetwork, recordWire } from 'rxwire/testing'
import { clocks, type VirtualTime } from './clocks.ts'

/** An hour with cuts, 503, sleep and no network, on three transports. Returns everything that happened. */
async function hour(seed: number, time: VirtualTime) {
  const net = fakeNetwork({ seed })
  time.install(net)
  const feeds = ['/sse', '/poll', '/socket'].map((path) => net.log(path))
  const heartbeat = pingPong({ ping: () => 'ping', pong: 'pong' })
  const records = [
    recordWire(fromEventSource('/sse', { stallTimeoutMs: 60_000 })),
    recordWire(fromLongPoll('/poll')),
    recordWire(fromWebSocket('/socket', { heartbeat })),
  ]
  const minutes = async (count: number) => {
    for (let tens = 0; tens < count * 6; tens += 1) {
      for (const feed of feeds) feed.send({ at: net.atMs })
      await net.advance(10_000)
    }
  }
  await minutes(5)
  net.cut()
  await minutes(5)
  for (const feed of feeds) feed.answer(503, { retryAfter: 10, times: 3 })
  net.cut()
  await minutes(5)
  net.sleep(10 * 60_000)
  await minutes(10)
  net.offline()
  await minutes(10)
  net.online()
  net.splitUtf8()
  await minutes(10)
  net.hide()
  net.halfOpen()
  await minutes(5)
  net.show()
  await minutes(5)
  const happened = {
    atMs: net.atMs,
    attempts: feeds.map(({ attempts }) => attempts),
    events: records.map(({ events }) => JSON.stringify(events)),
  }
  const ids = records.map(({ events }) => events.flatMap((event) => (event.type === 'message' ? [event.id] : [])))
  for (const record of records) record.unsubscribe()
  const open = net.open
  time.uninstall(net)
  return { happened, ids, open }
}

// One message each ten seconds, but for the ten minutes of sleep.
const all = Array.from({ length: 55 * 6 }, (_, index) => String(index + 1))

describe.each(clocks)('an hour on a bad network with %s', (_, time) => {
  it('delivers every message once and leaves no connection open', async () => {
    const { happened, ids, open } = await hour(1, time)
    expect(happened.atMs).toBe(65 * 60_000)
    expect(ids[0]).toEqual(all)
    expect(happened.attempts[0]).toContainEqual({ atMs: expect.any(Number), cursor: '30' })
    expect(open).toBe(0)
  })

  it('is the same with the same seed, and another one with another seed', async () => {
    const [one, same, other] = [await hour(1, time), await hour(1, time), await hour(2, time)]
    expect(same.happened).toEqual(one.happened)
    expect(other.happened.attempts).not.toEqual(one.happened.attempts)
  })
})
