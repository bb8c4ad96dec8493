import { describe, it } from 'vitest'
import { fuzzOnKit, KIT_TIMEOUT_MS, ON_KIT } from './on-kit.ts'
import { fuzzOnServers, ON_SERVERS } from './on-servers.ts'

// Events, microtasks, bursts, waits and providers: `leaves.ts` has all moments.
describe('a subscriber that leaves at a random moment', () => {
  it(
    `leaves no connection, timer, request or error on the test kit (${ON_KIT} times)`,
    async () => {
      await fuzzOnKit({ first: 0, leavesItself: true })
    },
    KIT_TIMEOUT_MS,
  )

  it(`leaves no connection, timer or error on real servers (${ON_SERVERS} times)`, async () => {
    await fuzzOnServers({ first: ON_KIT, leavesItself: true })
  })
})
