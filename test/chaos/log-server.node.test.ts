import { expect, inject, it, onTestFinished } from 'vitest'
import { followThroughKills } from '../log-server/kill-servers.ts'
import { startRedis, withoutRedis } from '../log-server/redis.ts'
import { growthWithStalledReaders } from '../log-server/stalled.ts'
import { temporaryFile } from '../log-server/temporary-file.ts'
import { seededRandom } from '../server/random.ts'

const MIB = 1_048_576

/** 52 is the next multiple of the four transports above 50. */
const plan = { messages: 100_000, perAppend: 50, clients: 52 }

it.skipIf(withoutRedis !== '')(
  `52 clients see every number once while two servers on one Redis are killed${withoutRedis}`,
  async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const random = seededRandom(inject('seed'))
    expect(await followThroughKills({ ...plan, random, store: redis.url, servers: 2 })).toBeGreaterThan(10)
  },
  900_000,
)

it('52 clients see every number once while a server with a SQLite file is killed', async () => {
  const random = seededRandom(inject('seed'))
  expect(await followThroughKills({ ...plan, random, store: temporaryFile('feed.db'), servers: 1 })).toBeGreaterThan(10)
}, 900_000)

it('the memory of a server stays bounded with 200 readers that read nothing', async () => {
  expect(await growthWithStalledReaders({ readers: 200, mebibytes: 256 })).toBeLessThan(32 * MIB)
}, 900_000)
