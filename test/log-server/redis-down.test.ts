import { redisLogs, serveLog, toNode } from 'rxwire/server'
import { expect, it, onTestFinished } from 'vitest'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { listen } from './listen.ts'
import { logTransports } from './log-transports.ts'
import { connectClient, connectIoRedis, startRedis, withoutRedis } from './redis.ts'
import { numbers } from './serve-numbers.ts'

it.skipIf(withoutRedis !== '').each([
  ['node-redis', connectClient],
  ['ioredis', connectIoRedis],
] as const)(
  `a Redis that is down is 503, and clients continue when it is back, by %s${withoutRedis}`,
  async (_, connect) => {
    const redis = await startRedis()
    const client = await connect(redis.url)
    onTestFinished(async () => {
      client.destroy()
      await redis.stop()
    })
    const log = redisLogs(client, { timeoutMs: 300, pollMs: 200 }).open<number>('numbers')
    await log.append(numbers(1, 10))
    const { url } = await listen(toNode(serveLog(log, { retryMs: 1, heartbeatMs: 200, holdMs: 300 })))
    const sessions = logTransports.slice(0, 3).map(({ connect }) => record(connect(() => url, 'earliest', quick)))
    for (const session of sessions) await session.until('message', 10)
    await redis.stop()
    const response = await fetch(`${url}/?offset=-1`)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    await expect(log.append([11])).rejects.toMatchObject({ name: 'StoreError' })
    await redis.start()
    await expect.poll(() => log.append([11]).catch(() => '')).not.toBe('')
    await log.append(numbers(12, 20))
    for (const session of sessions) {
      await session.until('message', 20)
      expect(session.data()).toEqual(numbers(1, 20))
    }
  },
)
