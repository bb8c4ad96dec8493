import { describe, expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

const COUNT = 3
const AT_A_TIME = 16
// Browsers take their time to connect. They get every fourth byte, and from run to run others.
const STEP = typeof document === 'undefined' ? 1 : 4

describe('a session that is cut after any of its bytes', () => {
  for (const { name, path, connect } of numberedTransports) {
    /** A session whose first connection is cut after so many bytes of what is answered. Tells whether it had so many. */
    const cutAfter = async (bytes: number): Promise<boolean> => {
      const proxy = await backend().proxy()
      await proxy.order({ cutAtRandom: { times: 1, minBytes: bytes, maxBytes: bytes, seed: 0 } })
      const wire = connect(proxy.url(path, { count: COUNT, batch: 2 }), { count: COUNT })
      expect(await followNumbers(`${name}, cut after ${bytes} bytes`, wire, COUNT).ended).toBe(COUNT)
      return (await proxy.order({})).cuts === 1
    }

    it(`goes on as if nothing had been, by ${name}`, async () => {
      let bytes = inject('seed') % STEP
      for (let hasMore = true; hasMore; bytes += AT_A_TIME * STEP) {
        const wereCut = await Promise.all(
          Array.from({ length: AT_A_TIME }, (_, index) => cutAfter(bytes + index * STEP)),
        )
        hasMore = wereCut.every(Boolean)
      }
      // Head and body: what a connection begins with, and what it says.
      expect(bytes).toBeGreaterThan(150)
    })
  }
})
