import type { OutgoingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Scenario } from '../scenario.ts'

/** One answer of a server that is told what to say, be it true or not. */
export interface PartAnswer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  /** How many bytes it has. Default: none. */
  readonly bytes?: number
  /** Whether they are compressed on their way. */
  readonly isCompressed?: boolean
  /** Whether the connection is lost after them: it is reset, or merely `closed` as if this were the end. */
  readonly isLost?: boolean | 'closed'
}

const compress = promisify(gzip)

/** Gives the answers of `?answers=` (JSON), one after the other, and the last one from then on. */
export const httpParts: Scenario = {
  path: '/http/parts',
  async serve({ request, response, query, nth }) {
    const answers: PartAnswer[] = JSON.parse(query.get('answers') ?? '[]')
    const { status, headers, bytes = 0, isCompressed, isLost } = answers[nth] ?? answers.at(-1) ?? { status: 500 }
    response.setHeader('cache-control', 'no-store, no-transform')
    response.writeHead(status, {
      'content-type': 'application/octet-stream',
      ...(isCompressed && { 'content-encoding': 'gzip' }),
      ...headers,
    })
    const body = Buffer.alloc(bytes, 'x')
    response.write(isCompressed ? await compress(body, { finishFlush: constants.Z_SYNC_FLUSH }) : body)
    if (!isLost) {
      response.end()
      return
    }
    // What was written arrives first: a browser throws away what it has not read when a body breaks off.
    await sleep(100)
    if (isLost === 'closed') request.socket.destroy()
    else request.socket.resetAndDestroy()
  },
}
