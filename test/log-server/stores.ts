import type { LogStore } from 'rxwire/server'
import { afterAll, onTestFinished } from 'vitest'
import { MemoryStore } from '../../adapters/server/memory-logs.ts'
import { redisLink } from '../../adapters/server/redis-client.ts'
import { RedisStore } from '../../adapters/server/redis-logs.ts'
import { openDatabase } from '../../adapters/server/sqlite-database.ts'
import { SCHEMA, SqliteStore } from '../../adapters/server/sqlite-logs.ts'
import { connectClient, connectIoRedis, type RunningRedis, startRedis, withoutRedis } from './redis.ts'
import { temporaryFile } from './temporary-file.ts'

/** A store whose waiting readers can be counted. */
type CountedStore = LogStore & { readonly bell: { readonly names: readonly string[] } }

/** A kind of store, opened for one test with at most `maxItems` items per log. */
export interface StoreKind {
  readonly name: string
  readonly skipped: boolean
  open(maxItems: number): Promise<CountedStore>
}

let redis: Promise<RunningRedis> | undefined
afterAll(async () => (await redis)?.stop())

const ofRedis = (
  name: string,
  connect: (url: string) => Promise<Parameters<typeof redisLink>[0] & { destroy(): void }>,
) => ({
  name: `${name}${withoutRedis}`,
  skipped: withoutRedis !== '',
  open: async (maxItems: number) => {
    // One for all tests of a file.
    redis ??= startRedis()
    const client = await connect((await redis).url)
    onTestFinished(() => client.destroy())
    const prefix = `${Math.random()}:`
    return new RedisStore(redisLink(client, 2_000), { prefix, maxLength: maxItems, pollMs: 200 })
  },
})

/** All kinds of stores. */
export const storeKinds: readonly StoreKind[] = [
  { name: 'memory', skipped: false, open: async (maxItems) => new MemoryStore({ maxItems }) },
  {
    name: 'SQLite',
    skipped: false,
    open: async (maxItems) => new SqliteStore(openDatabase(temporaryFile('feed.db'), SCHEMA), { maxItems }),
  },
  ofRedis('Redis by node-redis', connectClient),
  ofRedis('Redis by ioredis', connectIoRedis),
]
