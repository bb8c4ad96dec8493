import { beginEventStream, noContent, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends `?events=` byte by byte to the first request; 204 to later ones. */
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
