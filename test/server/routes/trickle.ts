import { beginEventStream, noContent, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** `?events=` byte by byte. */
export const trickle: Scenario = {
  path: '/sse/trickle',
  async serve({ response, query, nth }) {
    if (nth > 0) return noContent(response)
    beginEventStream(response)
    for (const byte of Buffer.from(query.get('events') ?? '')) {
      if (!(await write(response, Uint8Array.of(byte)))) return
      await sleep(1)
    }
    response.end()
  },
}
