import { refusal } from '../../http/refusal.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import type { TextResponse } from '../../http/text-response.ts'
import type { WireClose } from '../../wire.ts'

export const EVENT_STREAM = 'text/event-stream'

/** How a stream says that there is nothing more to come. */
export const NO_CONTENT: Omit<WireClose, 'type'> = { reason: 'No Content', wasClean: true }

/**
 * Whether an answer is an event stream, or the word that there is nothing more to come.
 *
 * @throws HttpError if it is neither.
 */
export async function judgeAnswer(request: ResolvedRequest, response: TextResponse): Promise<'stream' | 'done'> {
  // [spec] 204 tells the client to stop reconnecting.
  if (response.status === 204) return 'done'
  if (response.status === 200 && isEventStream(response.headers)) return 'stream'
  throw await refusal(request, response, 'an event stream')
}

function isEventStream(headers: Headers): boolean {
  // [spec] Parameters are ignored.
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(headers.get('content-type') ?? '')
}
