import { sleep } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Numbers up to `?count=`, at most `?batch=` in an answer, after `?after=`; the place to go on from is in `x-next`. When
 * there are none left it holds the request for `?holdMs=` and answers `?quiet=` (204).
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
    // As long as there is somebody to hold it for.
    const until = Date.now() + Number(query.get('holdMs') ?? 0)
    while (Date.now() < until && !response.destroyed) await sleep(20)
    response.writeHead(Number(query.get('quiet') ?? 204)).end()
  },
}
