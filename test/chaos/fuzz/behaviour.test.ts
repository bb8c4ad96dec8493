import { describe, it } from 'vitest'
import { fuzzOnKit, KIT_TIMEOUT_MS, ON_KIT } from './on-kit.ts'
import { fuzzOnServers, ON_SERVERS } from './on-servers.ts'

// The servers are those of the other run, but the consumers stay with them.
describe('a server that behaves at random', () => {
  it(
    `gets no request too often or twice, and its messages arrive once, on the test kit (${ON_KIT} times)`,
    async () => {
      await fuzzOnKit({ first: 0, leavesItself: false })
    },
    KIT_TIMEOUT_MS,
  )

  it(`gets no request twice, and its messages arrive once, over real connections (${ON_SERVERS} times)`, async () => {
    await fuzzOnServers({ first: ON_KIT, leavesItself: false })
  })
})
