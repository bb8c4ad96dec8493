import { beginEventStream, noContent, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends the bytes of `?body=` (base64url) in chunks that end at `?cuts=`; 204 from the second request on. */
export const bytes: Scenario = {
  path: '/sse/bytes',
  async serve({ response, query, nth }) {
    if (nth > 0) return noContent(response)
    const body = Buffer.from(query.get('body') ?? '', 'base64url')
    const cuts = (query.get('cuts') ?? '').split(',').filter(Boolean).map(Number)
    beginEventStream(response)
    let from = 0
    for (const to of [...cuts, body.length]) {
      if (!(await write(response, body.subarray(from, to)))) return
      from = to
      // Long enough for the chunks to arrive separately.
      await sleep(5)
    }
    response.end()
  },
}
