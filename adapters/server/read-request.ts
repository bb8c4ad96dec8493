import { EARLIEST, NOW, parseOffset } from './offset.ts'
import { Refusal } from './response.ts'

/** How a log is read by one request. */
export interface ReadRequest {
  readonly mode: 'catch-up' | 'long-poll' | 'protocol-sse' | 'sse' | 'ndjson'
  /** Where to start: an offset, `-1` or `now`; `undefined` if the client does not say. */
  readonly from: string | undefined
}

/**
 * Parses how and from where a request reads. A request with `live` speaks the protocol. Otherwise `Accept` decides:
 * Server-Sent Events, NDJSON, or one page.
 *
 * @throws Refusal with 400 if a parameter or header is malformed.
 */
export function parseReadRequest(request: Request): ReadRequest {
  const { searchParams } = new URL(request.url)
  const live = searchParams.get('live')
  const accept = request.headers.get('accept')?.toLowerCase() ?? ''
  const offset = offsetIn(searchParams)
  if (live !== null) {
    if (live !== 'long-poll' && live !== 'sse') throw new Refusal(400, `live must be 'long-poll' or 'sse'.`)
    if (offset === undefined) throw new Refusal(400, `live=${live} needs an offset.`)
    return { mode: live === 'sse' ? 'protocol-sse' : live, from: offset }
  }
  const mode = accept.includes('text/event-stream')
    ? 'sse'
    : /application\/(x-)?ndjson/.test(accept)
      ? 'ndjson'
      : undefined
  if (mode === undefined) return { mode: 'catch-up', from: offset ?? EARLIEST }
  return { mode, from: lastEventId(request.headers, searchParams) ?? offset }
}

/**
 * Returns the cursor of a socket: `lastEventId` or `offset` in the query of its handshake.
 *
 * @throws Refusal with 400 if it is malformed.
 */
export function socketCursor(request: Request): string | undefined {
  const { searchParams } = new URL(request.url)
  return lastEventId(request.headers, searchParams) ?? offsetIn(searchParams)
}

/** @throws Refusal with 400 if the text is not an offset. */
export function requireOffset(what: string, text: string): string {
  if (text === EARLIEST || text === NOW || parseOffset(text) !== undefined) return text
  throw new Refusal(400, `${what} is not an offset of this log.`)
}

function offsetIn(query: URLSearchParams): string | undefined {
  const offsets = query.getAll('offset')
  if (offsets.length > 1) throw new Refusal(400, 'There is more than one offset.')
  return offsets[0] === undefined ? undefined : requireOffset('The offset', offsets[0])
}

/** [spec] HTML §9.2.4: an empty id is none. The query serves a native EventSource, which cannot set the header. */
function lastEventId(headers: Headers, query: URLSearchParams): string | undefined {
  const id = headers.get('last-event-id') || query.get('lastEventId')
  return id ? requireOffset('Last-Event-ID', id) : undefined
}
