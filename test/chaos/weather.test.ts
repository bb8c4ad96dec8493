import { describe, inject, it } from 'vitest'
import { backend, type TestProxy } from '../backend.ts'
import { seededRandom } from '../server/random.ts'
import { FOR_EVER, followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

const CHANGES = 40
const SILENCE_MS = 150

/** What may become of connections. Some of it passes, some of it ends only because somebody has had enough. */
const storms: readonly Parameters<TestProxy['order']>[0][] = [
  { passage: 'stalled' },
  { bytesPerSecond: 1_000 },
  { halfOpen: true },
  { passage: 'refusing', cut: true },
  { cut: true },
]

const clear = { passage: 'open', bytesPerSecond: null } as const

describe('a network that stalls, slows down, dies and comes back', () => {
  for (const { name, path, connect } of numberedTransports) {
    it(`neither loses, repeats nor reorders what comes by ${name}`, async () => {
      const server = backend()
      const proxy = await server.proxy()
      const random = seededRandom(inject('seed'))
      const url = proxy.url(path, { count: FOR_EVER, everyMs: 1, batch: 20 })
      const session = followNumbers(name, connect(url, { count: FOR_EVER, silenceMs: SILENCE_MS }), FOR_EVER)
      for (let change = 0; change < CHANGES; change += 1) {
        const more = Math.ceil(random() * 50)
        await session.until(session.delivered + more)
        await proxy.order(storms[Math.floor(random() * storms.length)] ?? clear)
        // Some storms pass before anybody has lost patience, some after it. TCP keeps the bytes of a connection in order,
        // but not those of two: what was held back may come after its successor has begun, when it must not be heard.
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
