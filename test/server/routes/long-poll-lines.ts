import { beginBody } from '../body-stream.ts'
import { sleep, write } from '../event-stream.ts'
import { oddities } from '../oddities.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Sends the numbers after `?after=` up to `?count=` as lines of text, at most `?batch=` in a response, one every
 * `?everyMs=`. The next cursor is in `x-next`. The head is sent at once: a browser silently repeats a request whose
 * connection is cut before the head, but not after it. Supports the options of `oddities`: for the first request with
 * the same cursor, and `?emptyAt=` for all. With `?gone` a request with a cursor gets a
 * 410.
 */
export const longPollLines: Scenario = {
  path: '/long-poll/lines',
  async serve(visit) {
    const { request, response, query, lab, key } = visit
    const everyMs = Number(query.get('everyMs') ?? 0)
    const after = Number(query.get('after') ?? 0)
    const last = Math.min(after + Number(query.get('batch') ?? 50), Number(query.get('count') ?? 100))
    const isFirst = lab.of(key).seen.filter(({ url }) => url === request.url).length === 1
    const { stallAfter, idOf } = oddities(visit, isFirst)
    const { isEmpty } = oddities(visit, true)
    if (after === stallAfter) return
    if (after > 0 && query.has('gone')) {
      // [spec] RFC 9110 §15.5.11: a 410 is cacheable. Chromium would give it to the next XHR, which has no resume point.
      response.writeHead(410, { 'cache-control': 'no-store' }).end()
      return
    }
    beginBody(response, 'text/plain', { 'x-next': idOf(last) })
    for (let n = after + 1; n <= last; n += 1) {
      if (isEmpty(n)) continue
      if (everyMs > 0) await sleep(everyMs)
      if (!(await write(response, n < last ? `${n}\n` : `${n}`))) return
    }
    response.end()
  },
}
