import { describe, expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

const COUNT = 3
const AT_A_TIME = 16
// Browsers connect slowly, so they test every fourth byte. The seed selects which ones.
const STEP = typeof document === 'undefined' ? 1 : 4

describe('a connection that is cut after any of its bytes', () => {
  for (const { name, path, connect } of numberedTransports) {
    /** Cuts the first connection after this many response bytes. Resolves with whether the response was that long. */
    const cutAfter = async (bytes: number): Promise<boolean> => {
      const proxy = await backend().proxy()
      await proxy.order({ cutAtRandom: { times: 1, minBytes: bytes, maxBytes: bytes, seed: 0 } })
      const wire = connect(proxy.url(path, { count: COUNT, batch: 2 }), { count: COUNT })
      expect(await followNumbers(`${name}, cut after ${bytes} bytes`, wire, COUNT).ended).toBe(COUNT)
      return (await proxy.order({})).cuts === 1
    }

    it(`resumes without losing or repeating a message (${name})`, async () => {
      let bytes = inject('seed') % STEP
      for (let hasMore = true; hasMore; bytes += AT_A_TIME * STEP) {
        const wereCut = await Promise.all(
          Array.from({ length: AT_A_TIME }, (_, index) => cutAfter(bytes + index * STEP)),
        )
        hasMore = wereCut.every(Boolean)
      }
      // The head and the body of a response together are longer than this.
      expect(bytes).toBeGreaterThan(150)
    })
  }
})
