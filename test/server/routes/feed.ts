import { beginEventStream, lastEventId, noContent, sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Sends numbered events up to `?count=`, `?pad=` characters longer, after the last event id; then ends, or with `?hold`
 * stays open. Responds with 204 if the client has all events. With `?unbuffered` it tells proxies not to buffer. With
 * `?inclusive` it replays the event with the last id, too.
 */
export const feed: Scenario = {
  path: '/sse/feed',
  async serve(visit) {
    const { response, query } = visit
    const count = Number(query.get('count') ?? 10)
    const everyMs = Number(query.get('everyMs') ?? 0)
    const padding = query.has('pad') ? `data: ${'x'.repeat(Number(query.get('pad')))}\n` : ''
    let n = Number(lastEventId(visit) ?? 0)
    if (n >= count) return noContent(response)
    beginEventStream(response, query.has('unbuffered') ? { 'x-accel-buffering': 'no' } : {})
    if (query.has('inclusive')) n = Math.max(0, n - 1)
    while (n < count) {
      // Small batches: one write per event would be slow, and a single write for all could not be cut.
      let block = ''
      for (let i = 0; i < (everyMs > 0 ? 1 : 20) && n < count; i += 1) {
        n += 1
        block += `id: ${n}\ndata: ${n}\n${padding}\n`
      }
      if (!(await write(response, block))) return
      if (everyMs > 0) await sleep(everyMs)
    }
    if (!query.has('hold')) response.end()
  },
}
