import { refusedByFault } from '../demo-faults.ts'
import { beginEventStream, lastEventId, sleep, write } from '../event-stream.ts'
import { seededRandom } from '../random.ts'
import type { Scenario } from '../scenario.ts'

const EVERY_MS = 400
const HEARTBEAT_EVERY = 10
// A client that was disconnected for longer gets only the last ticks. Their numbers show the gap.
const REPLAY_MAX = 200
const startedAtMs = Date.now()

/**
 * A live price, the same for all clients. Tick `n` is due `n · 400 ms` after the server's start, so a client that
 * reconnects gets the ticks it missed. The first is sent after `?afterMs=`. Responds with 503 while the key is
 * unavailable, with 401 to an expired token.
 */
export const ticks: Scenario = {
  path: '/sse/ticks',
  async serve(visit) {
    const { response, query } = visit
    if (refusedByFault(visit, { requiresToken: true })) return
    beginEventStream(response)
    await sleep(Number(query.get('afterMs') ?? 0))
    const current = () => Math.floor((Date.now() - startedAtMs) / EVERY_MS)
    let n = Math.max(Number(lastEventId(visit) ?? current() - 20), current() - REPLAY_MAX, -1)
    for (;;) {
      while (n < current()) {
        n += 1
        const tick = `event: tick\nid: ${n}\ndata: ${JSON.stringify({ n, price: priceAt(n) })}\n\n`
        const heartbeat = n % HEARTBEAT_EVERY === 0 ? ': still here\n\n' : ''
        if (!(await write(response, tick + heartbeat))) return
      }
      await sleep(50)
      if (response.destroyed) return
    }
  },
}

/** Returns a price that looks like a market and depends only on `n`. */
function priceAt(n: number): number {
  const noise = seededRandom(n)() - 0.5
  const price = 100 + 6 * Math.sin(n / 37) + 2.5 * Math.sin(n / 7.3) + 1.2 * noise
  return Math.round(price * 100) / 100
}
