import { beginBody } from '../body-stream.ts'
import { lastEventId, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

const TALE =
  'The lighthouse had not been lit for years, and the ships had long learned to do without it. Still the keeper ' +
  'climbed the stairs each evening, wiped the glass, and wrote the weather into a book that nobody read. One night ' +
  'a boat lost its way in the fog, and somebody on board remembered the stairs, the glass, and the light.'
const WORDS = TALE.split(' ')

/**
 * A model's answer: `?words=` events, one every `?everyMs=`, from the one after `?after=` or after the last event id,
 * then `[DONE]`. The first `?refuse=` requests are refused with 503. After so many words of a response it goes wrong,
 * each time or only the first `?times=`: `?truncate=` ends the body in good order, `?drop=` loses the connection,
 * `?errorAfter=` says in an event that the model is overloaded. With `?tale`, the words are
 * those of a tale.
 */
export const streamAnswer: Scenario = {
  path: '/stream/answer',
  async serve(visit) {
    const { request, response, query, nth } = visit
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
        // What was written arrives first: a browser throws away what it has not read when a body breaks off.
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
