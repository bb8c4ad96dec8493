import { createWire } from '../../engine/reconnecting.ts'
import { requestMaker } from '../../http/request.ts'
import { streamPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { type LongPollOptions, longPollDecoder, requireLongPollOptions } from './options.ts'
import { type LongPollSession, PendingMessages, pollLoop } from './poll-loop.ts'

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
 * fromLongPoll<{ text: string }>('/messages', { readCursor: ({ headers }) => headers.get('x-next') })
 *   .pipe(messages())
 *   .subscribe(({ text }) => console.info(text))
 * ```
 */
export function fromLongPoll<T = unknown>(url: Provider<string | URL>, options: LongPollOptions<T> = {}): Wire<T> {
  requireLongPollOptions(url, options)
  return createWire(
    () => {
      const makeRequest = requestMaker(url, options)
      const decode = longPollDecoder(options)
      const pending = new PendingMessages<T>(options.endsWhen)
      const session: LongPollSession<T> = { options, makeRequest, decode, pending }
      return (attempt) => pollLoop(session, attempt)
    },
    { ...streamPolicy(options.reconnect), resumeFrom: options.resumeFrom },
  )
}
