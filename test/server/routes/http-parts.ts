import type { OutgoingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Scenario } from '../scenario.ts'

/** One scripted response. Its headers need not be true. */
export interface PartAnswer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  /** The size of the body. Default: 0. */
  readonly bytes?: number
  /** Whether the body is compressed. */
  readonly isCompressed?: boolean
  /** Whether the connection is reset after the body, or `closed` as if the body were complete. */
  readonly isLost?: boolean | 'closed'
}

const compress = promisify(gzip)

/** Sends the responses of `?answers=` (JSON) one after the other, then repeats the last one. */
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
    // Let the body arrive first: browsers discard unread bytes when a connection is reset.
    await sleep(100)
    if (isLost === 'closed') request.socket.destroy()
    else request.socket.resetAndDestroy()
  },
}
