import { beginEventStream, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** Sends a comment every `?everyMs=`, without end; with `?count=`, that many and then nothing. */
export const comments: Scenario = {
  path: '/sse/comments',
  async serve({ response, query }) {
    const everyMs = Number(query.get('everyMs') ?? 10)
    const count = Number(query.get('count') ?? Number.POSITIVE_INFINITY)
    beginEventStream(response)
    for (let n = 0; n < count; n += 1) {
      if (!(await write(response, ': still here\n\n'))) return
      await sleep(everyMs)
    }
  },
}
