import { createOutbox, fromWebSocket, type Outbox, pingPong } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { firstCause, receivedBy } from './web-sockets.ts'

const KIB = 1024
const MIB = 1024 * KIB
const CHUNK = 64 * KIB
const because = unable('count the unsent bytes of a socket')
const isNode = typeof XMLHttpRequest !== 'function'

/** A source of chunks that counts how many were pulled. */
class Source {
  /** How many chunks were pulled. */
  pulled = 0
  /** The maximum number of chunks that were pulled but not sent. */
  ahead = 0
  readonly #outbox: Outbox<Uint8Array>
  readonly #bytes: number

  constructor(outbox: Outbox<Uint8Array>, bytes: number) {
    this.#outbox = outbox
    this.#bytes = bytes
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    while (this.pulled < this.#bytes / CHUNK) {
      this.pulled += 1
      this.ahead = Math.max(this.ahead, this.pulled - this.#outbox.getCounts().sent)
      yield new Uint8Array(CHUNK).fill(this.pulled)
    }
  }
}

/** Waits until the outbox has stopped sending, and returns how many chunks it has sent. */
async function heldBack(outbox: Outbox<Uint8Array>): Promise<number> {
  let before = -1
  let times = 0
  await expect
    .poll(
      () => {
        const { sent } = outbox.getCounts()
        times = sent === before ? times + 1 : 0
        before = sent
        return times
      },
      { interval: 100 },
    )
    .toBeGreaterThanOrEqual(10)
  return before
}

describe('an outbox in front of a slow connection', () => {
  for (const [name, highWaterBytes] of [
    ['the default', undefined],
    ['1 MiB', MIB],
  ] as const) {
    const measured = `buffers at most ${name} plus one message in the socket and pulls no further chunks`
    it.skipIf(because !== '')(`${measured}${because}`, async () => {
      const server = backend()
      const proxy = await server.proxy()
      const outbox = createOutbox<Uint8Array>()
      const session = record(
        fromWebSocket(proxy.url('/ws/commands'), { outgoing: outbox, highWaterBytes, reconnect: quick }),
      )
      await session.until('open')
      await proxy.order({ passage: 'stalled' })
      const peak = { buffered: 0, queued: 0, queuedBytes: 0 }
      const watch = outbox.counts.subscribe(({ buffered, queued, queuedBytes }) => {
        peak.buffered = Math.max(peak.buffered, buffered)
        peak.queued = Math.max(peak.queued, queued)
        peak.queuedBytes = Math.max(peak.queuedBytes, queuedBytes)
      })
      onTestFinished(() => watch.unsubscribe())
      const source = new Source(outbox, 64 * MIB)
      const done = outbox.feed(source.chunks())

      const held = await heldBack(outbox)
      expect(held * CHUNK).toBeLessThan(32 * MIB)
      expect(source.pulled).toBeLessThanOrEqual(held + 1)

      await proxy.order({ passage: 'open' })
      await done
      await expect.poll(async () => (await server.stats()).receivedBytes).toBe(64 * MIB)
      // By default the mark follows the link, up to 4 MiB.
      expect(peak.buffered).toBeGreaterThanOrEqual(highWaterBytes ?? 64 * KIB)
      expect(peak.buffered).toBeLessThanOrEqual((highWaterBytes ?? 4 * MIB) + CHUNK)
      expect(peak.queuedBytes).toBeLessThanOrEqual(CHUNK)
      expect(source.ahead).toBe(1)
      expect(outbox.getCounts()).toEqual({
        queued: 0,
        queuedBytes: 0,
        sent: 1024,
        dropped: 0,
        inFlight: 0,
        buffered: 0,
      })
      expect(session.types()).not.toContain('waiting')
    })
  }

  it('sends the next message after one that is larger than highWaterBytes', async () => {
    const server = backend()
    const outbox = createOutbox<Uint8Array | string>()
    record(fromWebSocket(server.url('/ws/commands'), { outgoing: outbox, highWaterBytes: 1_000, reconnect: quick }))
    void outbox.send(new Uint8Array(2 * MIB))
    await outbox.send('behind it')
    expect(await receivedBy(server, 1)).toEqual(['behind it'])
  })

  /** A server that reads slowly and does not respond to pings. */
  async function slowReader() {
    const server = backend()
    await server.faults({ readBytesPerSecond: 8 * MIB })
    const counted = { pings: 0 }
    const ping = () => {
      counted.pings += 1
      return 'ping'
    }
    const url = server.url('/ws/commands', { slow: 1 })
    return {
      url,
      counted,
      options: { heartbeat: pingPong({ ping, everyMs: 100, timeoutMs: 2_000 }), reconnect: quick },
    }
  }

  it.skipIf(because !== '')(`keeps the connection while its buffer drains, even without pongs${because}`, async () => {
    const { url, counted, options } = await slowReader()
    const outbox = createOutbox<Uint8Array>()
    const session = record(fromWebSocket(url, { ...options, outgoing: outbox }))
    await outbox.feed(new Source(outbox, 32 * MIB).chunks())
    expect(session.types()).toEqual(['connecting', 'open'])
    // The transfer took longer than one timeout.
    expect(counted.pings).toBeGreaterThan(25)
  })

  // Node updates bufferedAmount only once for many messages.
  it.skipIf(isNode || because !== '')(
    `keeps the connection while its buffer drains below highWaterBytes, even without pongs${because}`,
    async () => {
      const { url, counted, options } = await slowReader()
      const outbox = createOutbox<Uint8Array>()
      const session = record(fromWebSocket(url, { ...options, outgoing: outbox, highWaterBytes: 64 * MIB }))
      await outbox.feed(new Source(outbox, 32 * MIB).chunks())
      await expect.poll(() => session.types().includes('waiting') || outbox.getCounts().buffered < MIB).toBe(true)
      expect(session.types()).toEqual(['connecting', 'open'])
      expect(counted.pings).toBeGreaterThan(25)
    },
  )

  it('replaces the connection when its buffer stops draining', async () => {
    const proxy = await backend().proxy()
    const outbox = createOutbox<Uint8Array>()
    const heartbeat = pingPong({ ping: () => 'ping', everyMs: 100, timeoutMs: 1_000 })
    const session = record(fromWebSocket(proxy.url('/ws/commands'), { outgoing: outbox, heartbeat, reconnect: quick }))
    await session.until('open')
    await proxy.order({ passage: 'stalled' })
    const aborter = new AbortController()
    outbox.feed(new Source(outbox, 64 * MIB).chunks(), { signal: aborter.signal }).catch(() => {})
    await session.until('waiting')
    expect(firstCause(session)).toMatchObject({ kind: 'timeout', message: expect.stringContaining('half-open') })
    aborter.abort()
  })
})
