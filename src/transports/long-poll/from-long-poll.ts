import { type AttemptSession, reconnectingEach } from '../../engine/reconnecting.ts'
import { requestMaker } from '../../http/request.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { type LongPollOptions, longPollDecoder, requireLongPollOptions } from './options.ts'
import { PendingMessages, longPollAttempt } from './poll-loop.ts'

/**
 * Asks, waits for as long as the server holds the request, and asks again from where it was: `connecting`, `open`
 * with the head of the first answer, then `message` after `message`.
 *
 * An answer is followed by the next request at once. Nothing new (204, 304), a proxy that was tired of waiting (502,
 * 504) and a deadline of our own are no failures: it is asked again, and later if they come in an instant. Every
 * other failure that may pass becomes `waiting`; what no attempt would change fails with an `HttpError`.
 *
 * @param url Where to ask, or a function that says so for each request.
 * @throws TypeError if the url or an option makes no sense, or the method is not safe to repeat.
 *
 * @example
 * ```ts
 * import { fromLongPoll, messages } from 'rxwire'
 *
 * fromLongPoll<{ text: string }>('/messages', { cursor: ({ headers }) => headers.get('x-next') })
 *   .pipe(messages())
 *   .subscribe(({ text }) => console.info(text))
 * ```
 */
export function fromLongPoll<T = unknown>(url: Provider<string | URL>, options: LongPollOptions<T> = {}): Wire<T> {
  requireLongPollOptions(url, options)
  const policy = options.reconnect === false ? { maxRetries: 0 } : options.reconnect
  const begin = () => {
    const makeRequest = requestMaker(url, options)
    const decodeOne = longPollDecoder(options)
    const inHand = new PendingMessages<T>(options.until)
    return (session: AttemptSession) => longPollAttempt(makeRequest, options, decodeOne, inHand, session)
  }
  return reconnectingEach(begin, { ...policy, cursor: options.initialCursor })
}
