import { beginEventStream } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Opens, sends a comment, or `?events=`, or with `?mute` nothing at all, and then stays open without data. */
export const held: Scenario = {
  path: '/sse/held',
  serve({ response, query }) {
    beginEventStream(response)
    if (!query.has('mute')) response.write(query.get('events') ?? ': open\n\n')
  },
}
