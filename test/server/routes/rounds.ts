import { beginEventStream, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Two new events a connection, always under the same id, `?rounds=` times; 204 after that. */
export const rounds: Scenario = {
  path: '/sse/rounds',
  serve({ response, query, nth }) {
    if (nth >= Number(query.get('rounds'))) return noContent(response)
    beginEventStream(response)
    response.end(`id: live\ndata: ${nth + 1}a\n\nid: live\ndata: ${nth + 1}b\n\n`)
  },
}
