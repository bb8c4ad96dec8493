import { type Log, memoryLogs, serveLog, toNode } from '../../../adapters/server/index.ts'
import { advance } from '../../../adapters/server/offset.ts'
import { refusedByFault } from '../demo-faults.ts'
import { lastEventId, sleep } from '../event-stream.ts'
import { type Tick, tickAt } from '../prices.ts'
import type { Scenario } from '../scenario.ts'

const EVERY_MS = 400
/** A client that was disconnected for longer gets a gap. */
const KEPT = 200
/** How many past ticks a new client gets. */
const RECENT = 20

let started: Promise<Log<Tick>> | undefined

/**
 * A live price, the same for all clients: a log of `rxwire/server` that gets a tick every 400 ms. The response comes after
 * `?afterMs=`. It is 503 while the key is unavailable, and 401 to an expired token.
 */
export const ticks: Scenario = {
  path: '/sse/ticks',
  async serve(visit) {
    const { request, response, query } = visit
    if (refusedByFault(visit, { requiresToken: true })) return
    await sleep(Number(query.get('afterMs') ?? 0))
    started ??= startTicks()
    const log = await started
    const head = await log.store.head(log.name)
    if (lastEventId(visit) === undefined && head !== undefined) {
      request.headers['last-event-id'] = advance(head.offset, -RECENT)
    }
    await toNode(serveLog(log, { retryMs: 10 }))(request, response)
  },
}

async function startTicks(): Promise<Log<Tick>> {
  const log = memoryLogs({ maxItems: KEPT }).open<Tick>('ticks')
  let n = 0
  await log.append(Array.from({ length: RECENT }, () => tickAt(n++)))
  const timer: ReturnType<typeof setInterval> | number = setInterval(() => log.append([tickAt(n++)]), EVERY_MS)
  // In a page, a timer is a number, and keeps nothing alive.
  if (typeof timer === 'object') timer.unref()
  return log
}
