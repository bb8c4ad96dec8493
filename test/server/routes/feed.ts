import { beginEventStream, lastEventId, noContent, sleep, write } from '../event-stream.ts'
import { oddities } from '../oddities.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Sends numbered events up to `?count=`, `?pad=` characters longer, after the last event id; then ends, or with `?hold`
 * stays open. Responds with 204 if the client has all events, and with
 * `?gone` with 410 to a last event id. With `?unbuffered` it tells proxies not to buffer. With
 * `?inclusive` it replays the event with the last id, too. Ends each response after `?rotateEvery=` events, and asks for
 * `?retryMs=` before the next. Only every `?idEvery=`-th event has an id. Supports the options of `oddities`.
 */
export const feed: Scenario = {
  path: '/sse/feed',
  async serve(visit) {
    const { response, query } = visit
    const numberOf = (name: string, missing: number) => Number(query.get(name) ?? missing)
    const count = numberOf('count', 10)
    const everyMs = numberOf('everyMs', 0)
    const idEvery = numberOf('idEvery', 1)
    const padding = query.has('pad') ? `data: ${'x'.repeat(numberOf('pad', 0))}\n` : ''
    const { stallAfter, idOf, isEmpty } = oddities(visit, visit.nth === 0)
    let n = Number(lastEventId(visit) ?? 0)
    if (n > 0 && query.has('gone')) {
      // [spec] RFC 9110 §15.5.11: a 410 is cacheable. Chromium would give it to the next XHR, which has no resume point.
      response.writeHead(410, { 'cache-control': 'no-store' }).end()
      return
    }
    if (n >= count) return noContent(response)
    beginEventStream(response, query.has('unbuffered') ? { 'x-accel-buffering': 'no' } : {})
    if (query.has('retryMs')) response.write(`retry: ${query.get('retryMs')}\n\n`)
    if (query.has('inclusive')) n = Math.max(0, n - 1)
    const end = Math.min(count, stallAfter, n + numberOf('rotateEvery', Number.POSITIVE_INFINITY))
    while (n < end) {
      // Small batches: one write per event would be slow, and a single write for all could not be cut.
      let block = ''
      for (let i = 0; i < (everyMs > 0 ? 1 : 20) && n < end; i += 1) {
        n += 1
        const id = n % idEvery === 0 ? `id: ${idOf(n)}\n` : ''
        block += isEmpty(n) ? `${id}\n` : `${id}data: ${n}\n${padding}\n`
      }
      if (!(await write(response, block))) return
      if (everyMs > 0) await sleep(everyMs)
    }
    if (n !== stallAfter && !query.has('hold')) response.end()
  },
}
