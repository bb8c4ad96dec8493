import { fromEventSource } from 'rxwire'
import { expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { eventSourceEngines } from '../contract/event-source-engines.ts'
import { quick } from '../quick.ts'
import { followNumbers } from './follow-numbers.ts'

const COUNT = 100_000
const CUTS = 200

// With the other transports, the caller defines the cursor and how to request the messages after it. For event streams
// the servers decide, and they disagree: some replay the last event that the client already has.
for (const { name, options } of eventSourceEngines()) {
  it(`delivers no event twice when the server always replays the last one (${name})`, async () => {
    const proxy = await backend().proxy()
    await proxy.order({ cutAtRandom: { times: CUTS, minBytes: 1, maxBytes: 20_000, seed: inject('seed') } })
    const url = proxy.url('/sse/feed', { count: COUNT, inclusive: 1 })
    const wire = fromEventSource(url, { ...options, decode: Number, reconnect: quick })
    expect(await followNumbers(name, wire, COUNT).ended).toBe(COUNT)
    expect((await proxy.order({})).cuts).toBe(CUTS)
  })
}
