import { createCipheriv } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { write } from '../event-stream.ts'
import type { Scenario } from '../scenario.ts'

const PIECE_BYTES = 64 * 1024
// A cipher in counter mode can start at any block.
const BLOCK_BYTES = 16

/**
 * A file of `?bytes=` bytes with an ETag that supports range requests (RFC 9110 §14). With `?weak` the ETag is weak.
 * From request number `?changes=` on, the file is a different one. With `?noRanges` the response is always the whole
 * file. With `?drop=` the first response has no Content-Length, and its connection is reset after that many bytes.
 */
export const httpRange: Scenario = {
  path: '/http/range',
  async serve({ request, response, query, nth }) {
    const version = nth + 1 < Number(query.get('changes') ?? Number.POSITIVE_INFINITY) ? 1 : 2
    const etag = `${query.has('weak') ? 'W/' : ''}"v${version}"`
    const length = Number(query.get('bytes') ?? 1_000)
    const from = query.has('noRanges') ? undefined : rangeStart(request, etag)
    const isLost = query.has('drop') && nth === 0
    response.setHeader('etag', etag)
    response.setHeader('cache-control', 'no-store, no-transform')
    if (from !== undefined && from >= length) {
      response.writeHead(416, { 'content-range': `bytes */${length}` }).end()
      return
    }
    response.writeHead(from === undefined ? 200 : 206, {
      'content-type': 'application/octet-stream',
      ...(from !== undefined && { 'content-range': `bytes ${from}-${length - 1}/${length}` }),
      ...(!isLost && { 'content-length': length - (from ?? 0) }),
    })
    const end = isLost ? Number(query.get('drop')) : length
    for (let at = from ?? 0; at < end; at += PIECE_BYTES) {
      if (!(await write(response, bytesOf(version, at, Math.min(at + PIECE_BYTES, end))))) return
    }
    if (!isLost) response.end()
    // Let the body arrive first: browsers discard unread bytes when a connection is reset.
    else setTimeout(() => request.socket.resetAndDestroy(), 100)
  },
}

/** The first byte of the requested range; `undefined` if the whole file is requested or If-Range does not match. */
function rangeStart({ headers }: IncomingMessage, etag: string): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]
  if (start === undefined) return undefined
  // [spec] RFC 9110 §13.1.5: If-Range uses the strong comparison, in which a weak ETag never matches.
  const isSame = headers['if-range'] === undefined || (headers['if-range'] === etag && !etag.startsWith('W/'))
  return isSame ? Number(start) : undefined
}

/** Returns a range of the bytes of a version. They never repeat within the file and are the same each time. */
function bytesOf(version: number, from: number, to: number): Buffer {
  const skipped = from % BLOCK_BYTES
  const counter = Buffer.alloc(BLOCK_BYTES)
  counter.writeUInt32BE(Math.floor(from / BLOCK_BYTES), BLOCK_BYTES - 4)
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(BLOCK_BYTES, version), counter)
  return cipher.update(Buffer.alloc(skipped + to - from)).subarray(skipped)
}
