import { beginEventStream, lastEventId, noContent, write } from '../event-stream.ts'
import { firehose } from '../firehose.ts'
import type { Scenario } from '../scenario.ts'

/** Sends one number per event, also as its id, `?perSecond=` for `?seconds=`; 204 to a request with a last event id. */
export const sseFirehose: Scenario = {
  path: '/sse/firehose',
  async serve(visit) {
    if (lastEventId(visit) !== undefined) return noContent(visit.response)
    beginEventStream(visit.response)
    for await (const numbers of firehose(visit.query)) {
      const events = numbers.map((n) => `id: ${n}\ndata: ${n}\n\n`).join('')
      if (!(await write(visit.response, events))) return
    }
    visit.response.end()
  },
}
