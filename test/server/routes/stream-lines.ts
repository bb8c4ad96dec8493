import { beginBody } from '../body-stream.ts'
import { write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Sends the lines `line 1` to `line ?count=`, each `?pad=` characters longer, with LF or with `?crlf` CRLF. With
 * `?noFinalEnd` the last line has no line end.
 */
export const streamLines: Scenario = {
  path: '/stream/lines',
  async serve({ response, query }) {
    const count = Number(query.get('count') ?? 10)
    const padding = 'x'.repeat(Number(query.get('pad') ?? 0))
    const end = query.has('crlf') ? '\r\n' : '\n'
    beginBody(response, 'text/plain; charset=utf-8')
    for (let n = 1; n <= count; n += 1) {
      const isEnded = n < count || !query.has('noFinalEnd')
      if (!(await write(response, `line ${n}${padding}${isEnded ? end : ''}`))) return
    }
    response.end()
  },
}
