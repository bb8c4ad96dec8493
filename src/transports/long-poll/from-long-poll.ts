import { PendingMessages } from '../../engine/pending-messages.ts'
import { createWire } from '../../engine/reconnecting.ts'
import { requestMaker } from '../../http/request.ts'
import { streamPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireLongPollOptions } from './check-options.ts'
import { type LongPollOptions, longPollDecoder, longPollSplitter } from './options.ts'
import { type LongPollSession, pollLoop } from './poll-loop.ts'

/**
 * Sends a request, waits while the server holds it, and sends the next one from the new cursor: `connecting`, `open`
 * with the head of the first response, then a `message` for each message of a response.
 *
 * A response is followed by the next request at once. Nothing new (204, 304), a proxy timeout (502, 504) and
 * `holdTimeoutMs` are not failures; the next request is delayed if such a response arrives within a second. Other
 * retryable failures become `waiting`. A final status fails with an `HttpError`.
 *
 * @param url The URL, or a function that returns it for each request.
 * @throws TypeError if the URL or an option is invalid, or if the method is not safe to repeat.
 *
 * @example
 * ```ts
 * import { fromLongPoll, json, messages } from 'rxwire'
 *
 * fromLongPoll('/messages', {
 *   decode: json<{ text: string }>(),
 *   readCursor: ({ headers }) => headers.get('x-next'),
 * })
 *   .pipe(messages())
 *   .subscribe(({ text }) => console.info(text))
 * ```
 */
export function fromLongPoll<T = unknown>(url: Provider<string | URL>, options: LongPollOptions<T> = {}): Wire<T> {
  requireLongPollOptions(url, options)
  return createWire(
    (memory) => {
      const makeRequest = requestMaker(url, options, memory)
      const decode = longPollDecoder(options)
      const split = longPollSplitter(options)
      const pending = new PendingMessages<T>(options)
      const session: LongPollSession<T> = { options, makeRequest, split, decode, pending }
      return (attempt) => pollLoop(session, attempt)
    },
    { ...streamPolicy(options.reconnect), resumeFrom: options.resumeFrom, onGone: options.onGone },
  )
}
