import { describe, expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

// Browsers hold sockets back that follow upon failed ones: they get a tenth of it.
const SHARE = typeof document === 'undefined' ? 1 : 10
const COUNT = 1_000_000 / SHARE
const CUTS = 1_000 / SHARE

describe(`${COUNT} messages through ${CUTS} cuts`, () => {
  for (const { name, path, connect, bytesPerNumber } of numberedTransports) {
    it(`come once and in order by ${name}`, async () => {
      const proxy = await backend().proxy()
      // On average a cut comes early enough that all of them come before the end.
      const maxBytes = Math.floor((1.5 * bytesPerNumber * COUNT) / CUTS)
      await proxy.order({ cutAtRandom: { times: CUTS, minBytes: 1, maxBytes, seed: inject('seed') } })
      const wire = connect(proxy.url(path, { count: COUNT, batch: 200 }), { count: COUNT })
      expect(await followNumbers(name, wire, COUNT).ended).toBe(COUNT)
      expect((await proxy.order({})).cuts).toBe(CUTS)
    })
  }
})
