import { beginEventStream, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** `?events=` as they stand, in one piece, the first time; 204 after that. */
export const once: Scenario = {
  path: '/sse/once',
  serve({ response, query, nth }) {
    if (nth > 0) return noContent(response)
    beginEventStream(response)
    response.end(query.get('events') ?? 'data: hello\n\n')
  },
}
