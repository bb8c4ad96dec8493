import { beginBody } from '../body-stream.ts'
import { refusedByFault } from '../demo-faults.ts'
import { lastEventId, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

const TALE =
  'The lighthouse had not been lit for years, and the ships had long learned to do without it. Still the keeper ' +
  'climbed the stairs each evening, wiped the glass, and wrote the weather into a book that gathered dust. One night ' +
  'a boat lost its way in the fog, and someone on board remembered the stairs, the glass, and the light.'
const WORDS = TALE.split(' ')

/**
 * Streams like a language model: `?words=` events, one every `?everyMs=`, after `?after=` or the last event id, then
 * `[DONE]`. Refuses the first `?refuse=` requests with 503. The first `?times=` responses (default: all) fail after a
 * number of words: `?truncate=` ends the body early, `?drop=` resets the connection, `?errorAfter=` sends an event that
 * reports an overloaded model. With `?tale`, the words are those of a tale.
 */
export const streamAnswer: Scenario = {
  path: '/stream/answer',
  async serve(visit) {
    const { request, response, query, nth } = visit
    if (refusedByFault(visit)) return
    if (nth < Number(query.get('refuse') ?? 0)) {
      response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '0' }).end('loading the model')
      return
    }
    const goesWrong = nth < Number(query.get('times') ?? Number.POSITIVE_INFINITY)
    const wrongAfter = (name: string) => (goesWrong && query.has(name) ? Number(query.get(name)) : undefined)
    const words = Number(query.get('words') ?? 10)
    const everyMs = Number(query.get('everyMs') ?? 0)
    const wordAt = (n: number) => `${query.has('tale') ? WORDS[n % WORDS.length] : `word ${n + 1}`} `
    const after = Number(query.get('after') ?? lastEventId(visit) ?? 0)
    beginBody(response, 'text/event-stream')
    for (let n = after; ; n += 1) {
      const said = n - after
      if (said === wrongAfter('truncate')) {
        response.end()
        return
      }
      if (said === wrongAfter('drop')) {
        // Let the body arrive first: browsers discard unread bytes when a connection is reset.
        await sleep(250)
        request.socket.resetAndDestroy()
        return
      }
      if (
        said === wrongAfter('errorAfter') &&
        !(await write(response, 'event: error\ndata: {"error":"overloaded"}\n\n'))
      )
        return
      if (n >= words) break
      if (!(await write(response, `id: ${n + 1}\ndata: ${JSON.stringify({ text: wordAt(n) })}\n\n`))) return
      if (everyMs > 0) await sleep(everyMs)
    }
    response.end('data: [DONE]\n\n')
  },
}
