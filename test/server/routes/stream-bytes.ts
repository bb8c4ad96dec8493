import { beginBody } from '../body-stream.ts'
import { sleep, write } from '../event-stream.ts'
import { seededBytes } from '../random.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Sends `?bytes=` bytes, the same each time, or those of `?body=` (base64url), in separate chunks of `?piece=` bytes,
 * one every `?everyMs=`, or in two chunks with `?splitAt=`. `?length` adds a Content-Length, `?type=` sets the Content-Type.
 */
export const streamBytes: Scenario = {
  path: '/stream/bytes',
  async serve({ response, query }) {
    const given = query.get('body')
    const body = given === null ? seededBytes(Number(query.get('bytes') ?? 1_000)) : Buffer.from(given, 'base64url')
    const piece = Number(query.get('piece') ?? body.length)
    const everyMs = Number(query.get('everyMs') ?? 1)
    const headers: Record<string, number> = query.has('length') ? { 'content-length': body.length } : {}
    beginBody(response, query.get('type') ?? 'application/octet-stream', headers)
    const splitAt = query.get('splitAt')
    const size = (at: number) => (splitAt !== null && at === 0 ? Number(splitAt) || body.length : piece)
    for (let at = 0; at < body.length; at += size(at)) {
      if (!(await write(response, body.subarray(at, at + size(at))))) return
      await sleep(everyMs)
    }
    response.end()
  },
}
