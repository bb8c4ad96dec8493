import { describe, expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

// Browsers throttle sockets after failed ones, so they run a tenth of the load.
const SHARE = typeof document === 'undefined' ? 1 : 10
const COUNT = 1_000_000 / SHARE
const CUTS = 1_000 / SHARE

describe(`delivery of ${COUNT} messages through ${CUTS} cuts`, () => {
  for (const { name, path, connect, bytesPerNumber } of numberedTransports) {
    it(`delivers each message once and in order (${name})`, async () => {
      const proxy = await backend().proxy()
      // The average distance between cuts is short enough that all of them happen before the last message.
      const maxBytes = Math.floor((1.5 * bytesPerNumber * COUNT) / CUTS)
      await proxy.order({ cutAtRandom: { times: CUTS, minBytes: 1, maxBytes, seed: inject('seed') } })
      // A long poll makes at most ten requests a second, so its responses are as long as the cuts are apart.
      const wire = connect(proxy.url(path, { count: COUNT, batch: 1_000 }), { count: COUNT })
      expect(await followNumbers(name, wire, COUNT).ended).toBe(COUNT)
      expect((await proxy.order({})).cuts).toBe(CUTS)
    })
  }
})
