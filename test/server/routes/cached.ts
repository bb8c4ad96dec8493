import { beginEventStream, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends the number of the request as one event that caches may keep, and ends; 204 from the third request on. */
export const cached: Scenario = {
  path: '/sse/cached',
  serve({ response, nth }) {
    if (nth > 1) return noContent(response)
    beginEventStream(response, { 'cache-control': 'max-age=60', etag: '"same"' })
    response.end(`data: ${nth + 1}\n\n`)
  },
}
