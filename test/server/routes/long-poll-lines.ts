import { beginBody } from '../body-stream.ts'
import { sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Numbers up to `?count=` as lines of text, at most `?batch=` in an answer, one every `?everyMs=`, after `?after=`; the
 * place to go on from is in `x-next`. An answer begins at once: a connection that is cut in the midst of one has failed
 * for good, where a browser would quietly send a request without an answer again.
 */
export const longPollLines: Scenario = {
  path: '/long-poll/lines',
  async serve({ response, query }) {
    const everyMs = Number(query.get('everyMs') ?? 0)
    const after = Number(query.get('after') ?? 0)
    const last = Math.min(after + Number(query.get('batch') ?? 50), Number(query.get('count') ?? 100))
    beginBody(response, 'text/plain', { 'x-next': last })
    for (let n = after + 1; n <= last; n += 1) {
      if (everyMs > 0) await sleep(everyMs)
      if (!(await write(response, n < last ? `${n}\n` : `${n}`))) return
    }
    response.end()
  },
}
