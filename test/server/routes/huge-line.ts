import { setTimeout } from 'node:timers/promises'
import { beginEventStream, lastEventId, noContent, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

const PIECE = 'x'.repeat(64 * 1024)

/** Sends a first event, then one with a data line of `?bytes=` bytes (default: endless); 204 after the second event. */
export const hugeLine: Scenario = {
  path: '/sse/huge-line',
  async serve(visit) {
    const { response, query } = visit
    if (lastEventId(visit) === '2') return noContent(response)
    const bytes = Number(query.get('bytes') ?? Number.POSITIVE_INFINITY)
    beginEventStream(response)
    await write(response, 'id: 1\ndata: small\n\nid: 2\ndata: ')
    for (let sent = 0; sent < bytes; sent += PIECE.length) {
      if (!(await write(response, PIECE))) return
      // An endless line at full speed would keep a slow browser from the events that end it.
      if (bytes === Number.POSITIVE_INFINITY) await setTimeout(2)
    }
    response.end('\n\n')
  },
}
