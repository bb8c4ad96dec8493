import { beginEventStream, lastEventId, noContent, sleep } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends one event and half of the second, then resets; the whole second event after id 1; 204 after id 2. */
export const dropMidEvent: Scenario = {
  path: '/sse/drop-mid-event',
  async serve(visit) {
    const { request, response } = visit
    const last = lastEventId(visit)
    if (last === '2') return noContent(response)
    beginEventStream(response)
    if (last === '1') {
      response.end('id: 2\ndata: second\n\n')
      return
    }
    response.write('id: 1\ndata: first\n\nid: 2\ndata: sec')
    await sleep(50)
    request.socket.resetAndDestroy()
  },
}
