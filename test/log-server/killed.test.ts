import { expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '../server/random.ts'
import { followThroughKills } from './kill-servers.ts'
import { startRedis, withoutRedis } from './redis.ts'
import { temporaryFile } from './temporary-file.ts'

const plan = { messages: 3_000, perAppend: 10, clients: 8, random: seededRandom(Date.now()) }

it.skipIf(withoutRedis !== '')(
  `clients see every number once while two servers on one Redis are killed${withoutRedis}`,
  async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    expect(await followThroughKills({ ...plan, store: redis.url, servers: 2 })).toBeGreaterThan(2)
  },
)

it('clients see every number once while a server with a SQLite file is killed', async () => {
  expect(await followThroughKills({ ...plan, store: temporaryFile('feed.db'), servers: 1 })).toBeGreaterThan(1)
})
