import { gzipSync } from 'node:zlib'
import { sleep, write } from '../event-stream.ts'
import { seededBytes } from '../random.ts'
import type { Scenario } from '../scenario.ts'

const PIECE_BYTES = 64 * 1024
const TICK_MS = 20

/**
 * Sends `?bytes=` bytes, the same each time, at most `?bytesPerSecond=`. With `?chunked` there is no Content-Length,
 * with `?gzip` the body is compressed, with `?concealed` its headers are not exposed to other origins. Stalls after
 * `?stallAfter=` bytes.
 */
export const httpDownload: Scenario = {
  path: '/http/download',
  async serve({ response, query }) {
    const plain = seededBytes(Number(query.get('bytes') ?? 1_000))
    const body = query.has('gzip') ? gzipSync(plain) : plain
    const end = Math.min(Number(query.get('stallAfter') ?? body.length), body.length)
    const perSecond = Number(query.get('bytesPerSecond') ?? Number.POSITIVE_INFINITY)
    const pieceBytes = Math.max(1, Math.min(PIECE_BYTES, Math.ceil((perSecond * TICK_MS) / 1_000)))
    if (query.has('concealed')) response.setHeader('access-control-expose-headers', '')
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
      ...(query.has('gzip') && { 'content-encoding': 'gzip' }),
      ...(!query.has('chunked') && { 'content-length': body.length }),
    })
    response.flushHeaders()
    for (let at = 0; at < end; at += pieceBytes) {
      if (!(await write(response, body.subarray(at, Math.min(at + pieceBytes, end))))) return
      if (perSecond !== Number.POSITIVE_INFINITY) await sleep(TICK_MS)
    }
    if (end === body.length) response.end()
  },
}
