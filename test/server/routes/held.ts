import { beginEventStream } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Opens, sends `?events=` if there are any, and is silent from then on. */
export const held: Scenario = {
  path: '/sse/held',
  serve({ response, query }) {
    beginEventStream(response)
    response.write(query.get('events') ?? '')
  },
}
