import { sleep } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Responds with the numbers after `?after=` up to `?count=`, at most `?batch=` in a response. The next cursor is in
 * `x-next`. If none are left, holds the request for `?holdMs=` and responds with `?quiet=` (204).
 */
export const longPollFeed: Scenario = {
  path: '/long-poll/feed',
  async serve({ response, query }) {
    const after = Number(query.get('after') ?? 0)
    const last = Math.min(after + Number(query.get('batch') ?? 20), Number(query.get('count') ?? 100))
    if (after < last) {
      const numbers = Array.from({ length: last - after }, (_, index) => after + index + 1)
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-next': String(last) })
        .end(JSON.stringify(numbers))
      return
    }
    // Stops when the client disconnects.
    const until = Date.now() + Number(query.get('holdMs') ?? 0)
    while (Date.now() < until && !response.destroyed) await sleep(20)
    response.writeHead(Number(query.get('quiet') ?? 204)).end()
  },
}
