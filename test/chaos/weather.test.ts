import { describe, inject, it } from 'vitest'
import { backend, type TestProxy } from '../backend.ts'
import { seededRandom } from '../server/random.ts'
import { FOR_EVER, followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

const CHANGES = 40
const SILENCE_MS = 150

/** Network faults. Some end by themselves; others end only when the client gives up. */
const storms: readonly Parameters<TestProxy['order']>[0][] = [
  { passage: 'stalled' },
  { bytesPerSecond: 1_000 },
  { halfOpen: true },
  { passage: 'refusing', cut: true },
  { cut: true },
]

const clear = { passage: 'open', bytesPerSecond: null } as const

describe('a network that stalls, slows down, drops connections and recovers', () => {
  for (const { name, path, connect } of numberedTransports) {
    it(`loses, repeats and reorders no message (${name})`, async () => {
      const server = backend()
      const proxy = await server.proxy()
      const random = seededRandom(inject('seed'))
      const url = proxy.url(path, { count: FOR_EVER, everyMs: 1, batch: 20 })
      const session = followNumbers(name, connect(url, { count: FOR_EVER, silenceMs: SILENCE_MS }), FOR_EVER)
      for (let change = 0; change < CHANGES; change += 1) {
        const more = Math.ceil(random() * 50)
        await session.until(session.delivered + more)
        await proxy.order(storms[Math.floor(random() * storms.length)] ?? clear)
        // Some faults end before the silence limit, some after it. TCP orders the bytes of one connection, not of two:
        // delayed bytes of an old connection may arrive after the next one has opened. They must be ignored.
        const lastsMs = random() * 2 * SILENCE_MS
        await new Promise((resolve) => setTimeout(resolve, lastsMs))
        await proxy.order(clear)
      }
      await session.until(session.delivered + 100)
      session.stop()
      await proxy.order({ cut: true })
      await server.expectNoConnections()
    })
  }
})
