import { fromEventSource } from 'rxwire'
import { expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { eventSourceEngines } from '../contract/event-source-engines.ts'
import { quick } from '../quick.ts'
import { followNumbers } from './follow-numbers.ts'

const COUNT = 100_000
const CUTS = 200

// Other transports are told by the caller how to ask for what comes after the cursor, and what that is. Only an event
// stream has servers that disagree on it: some of them begin with the last event that the client had.
for (const { name, options } of eventSourceEngines()) {
  it(`no event comes twice from a server that begins with the last one each time, by the engine ${name}`, async () => {
    const proxy = await backend().proxy()
    await proxy.order({ cutAtRandom: { times: CUTS, minBytes: 1, maxBytes: 20_000, seed: inject('seed') } })
    const url = proxy.url('/sse/feed', { count: COUNT, inclusive: 1 })
    const wire = fromEventSource(url, { ...options, decode: Number, reconnect: quick })
    expect(await followNumbers(name, wire, COUNT).ended).toBe(COUNT)
    expect((await proxy.order({})).cuts).toBe(CUTS)
  })
}
