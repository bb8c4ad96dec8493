import { beginEventStream, noContent } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends `?events=` unchanged in one write to the first request; 204 to later ones. */
export const once: Scenario = {
  path: '/sse/once',
  serve({ response, query, nth }) {
    if (nth > 0) return noContent(response)
    beginEventStream(response)
    response.end(query.get('events') ?? 'data: hello\n\n')
  },
}
