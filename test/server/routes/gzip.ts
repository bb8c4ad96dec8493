import { constants, createGzip } from 'node:zlib'
import { beginEventStream, noContent, sleep } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

/** A compressed stream that is flushed after each event, like a well-configured proxy does. */
export const gzip: Scenario = {
  path: '/sse/gzip',
  async serve({ response, nth }) {
    if (nth > 0) return noContent(response)
    beginEventStream(response, { 'content-encoding': 'gzip' })
    const compressed = createGzip({ flush: constants.Z_SYNC_FLUSH })
    compressed.pipe(response)
    for (const n of [1, 2, 3]) {
      compressed.write(`id: ${n}\ndata: ${n}\n\n`)
      await sleep(20)
    }
    compressed.end()
  },
}
