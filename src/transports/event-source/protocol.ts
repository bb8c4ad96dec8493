import type { AttemptSession } from '../../engine/reconnecting.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { httpErrorFrom, type TextResponse } from '../../http/response.ts'
import type { WireClose } from '../../wire.ts'

export const EVENT_STREAM = 'text/event-stream'

/** How a stream says that there is nothing more to come. */
export const NO_CONTENT: Omit<WireClose, 'type'> = { reason: 'No Content', wasClean: true }

/**
 * Whether an answer is an event stream, or the word that there is nothing more to come.
 *
 * @throws HttpError if it is neither.
 */
export async function checkResponse(request: ResolvedRequest, response: TextResponse): Promise<'stream' | 'done'> {
  // [spec] 204 tells the client to stop reconnecting.
  if (response.status === 204) return 'done'
  if (response.status === 200 && isEventStream(response.headers)) return 'stream'
  throw await httpErrorFrom(request, response, 'an event stream')
}

function isEventStream(headers: Headers): boolean {
  // [spec] Parameters are ignored.
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(headers.get('content-type') ?? '')
}

/** The url with the last event id in its query, if there is one. */
export function withLastEventId(url: string, parameter: string, lastEventId: string | undefined): string {
  if (!lastEventId) return url
  const target = new URL(url)
  target.searchParams.set(parameter, lastEventId)
  return target.href
}

/**
 * Some servers replay from the last id instead of after it. Tells whether an event is the one that was delivered
 * last: only the first of a connection can be, if it has that id and, where one is known, that text. Ids that
 * are used again for something new are let through.
 *
 * @param session Asked when the guard is made, for the place where the connection begins.
 */
export function replayGuard({ cursor, last }: AttemptSession): (ownId: string | undefined, data: string) => boolean {
  let isFirst = true
  return (ownId, data) => {
    const isReplayed = isFirst && cursor !== undefined && ownId === cursor && (last === undefined || last.data === data)
    isFirst = false
    return isReplayed
  }
}
