import { beginEventStream, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends two new events per connection, always with the same id, on `?rounds=` connections; then 204. */
export const rounds: Scenario = {
  path: '/sse/rounds',
  serve({ response, query, nth }) {
    if (nth >= Number(query.get('rounds'))) return noContent(response)
    beginEventStream(response)
    response.end(`id: live\ndata: ${nth + 1}a\n\nid: live\ndata: ${nth + 1}b\n\n`)
  },
}
