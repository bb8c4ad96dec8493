import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

const COUNT = 5
const AT_A_TIME = 16

describe('a session that is cut after any of its bytes', () => {
  for (const { name, path, connect } of numberedTransports) {
    /** A session whose first connection is cut after so many bytes of what is answered. Tells whether it had so many. */
    const cutAfter = async (bytes: number): Promise<boolean> => {
      const proxy = await backend().proxy()
      await proxy.order({ cutAtRandom: { times: 1, minBytes: bytes, maxBytes: bytes, seed: 0 } })
      const url = proxy.url(path, { count: COUNT, batch: 2 })
      const session = followNumbers(`${name}, cut after ${bytes} bytes`, connect(url, { count: COUNT }))
      await session.ended
      expect(session.delivered).toBe(COUNT)
      return (await proxy.order({})).cuts === 1
    }

    it(`goes on as if nothing had been, by ${name}`, async () => {
      let bytes = 0
      for (let hasMore = true; hasMore; bytes += AT_A_TIME) {
        const wereCut = await Promise.all(Array.from({ length: AT_A_TIME }, (_, index) => cutAfter(bytes + index)))
        hasMore = wereCut.every(Boolean)
      }
      // Head and body: what a connection begins with, and what it says.
      expect(bytes).toBeGreaterThan(150)
    })
  }
})
