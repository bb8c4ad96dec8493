import { beginBody } from '../body-stream.ts'
import { sleep, write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

const BLOCK_LENGTH = 64 * 1024

/**
 * Sends the rows `{"n":1}` to `?count=`, or those after `?after=`, `?pad=` characters longer, one every `?everyMs=` or
 * as fast as the client reads. Row number `?bad=` is truncated. Stalls after `?stallAfter=` rows. Counts the written
 * rows.
 */
export const streamNdjson: Scenario = {
  path: '/stream/ndjson',
  async serve({ response, query, lab, key }) {
    const record = lab.of(key)
    const count = Number(query.get('count') ?? 10)
    const bad = Number(query.get('bad') ?? 0)
    const everyMs = Number(query.get('everyMs') ?? 0)
    const stallAfter = Number(query.get('stallAfter') ?? Number.POSITIVE_INFINITY)
    const padding = query.has('pad') ? `,"pad":"${'x'.repeat(Number(query.get('pad')))}"` : ''
    const end = Math.min(count, stallAfter)
    beginBody(response, 'application/x-ndjson')
    for (let n = Number(query.get('after') ?? 0); n < end; ) {
      let block = ''
      const from = n
      while (n < end && block.length < (everyMs > 0 ? 1 : BLOCK_LENGTH)) {
        n += 1
        block += n === bad ? `{"n":\n` : `{"n":${n}${padding}}\n`
      }
      // Counted only after the write has drained, so the count is what the client has read plus the buffers on the way.
      if (!(await write(response, block))) return
      record.written += n - from
      if (everyMs > 0) await sleep(everyMs)
    }
    if (stallAfter >= count) response.end()
  },
}
