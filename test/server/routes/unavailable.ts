import { beginEventStream, lastEventId, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Refuses the first `?times=` requests (default: all) with 503 and a Retry-After of `?seconds=`, with `?as=date` as a
 * date; then sends one event.
 */
export const unavailable: Scenario = {
  path: '/sse/unavailable',
  serve(visit) {
    const { response, query, nth } = visit
    if (lastEventId(visit) === '1') return noContent(response)
    if (nth >= Number(query.get('times') ?? Number.POSITIVE_INFINITY)) {
      beginEventStream(response)
      response.end('id: 1\ndata: back\n\n')
      return
    }
    const seconds = Number(query.get('seconds') ?? 30)
    const retryAfter =
      query.get('as') === 'date' ? new Date(Date.now() + seconds * 1_000).toUTCString() : String(seconds)
    response.writeHead(503, { 'retry-after': retryAfter, 'content-type': 'text/plain' }).end('down for a moment')
  },
}
