import { redisLogs } from 'rxwire/server'
import { afterAll, describe } from 'vitest'
import { conformanceOf } from './conformance.ts'
import { connectClient, startRedis, withoutRedis } from './redis.ts'

describe.skipIf(withoutRedis !== '')(`Redis${withoutRedis}`, () => {
  const cleanup: (() => unknown)[] = []
  afterAll(async () => {
    for (const step of cleanup) await step()
  })
  conformanceOf(async () => {
    const redis = await startRedis()
    const client = await connectClient(redis.url)
    cleanup.push(
      () => client.destroy(),
      () => redis.stop(),
    )
    return redisLogs(client, { maxLength: 100_000 })
  })
})
