import { type AllTypeArguments, fromLongPoll, type LongPollOptions } from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type HookUrl, requestPart, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/**
 * Options of {@link useLongPoll}: those of `fromLongPoll` and of the hook. Components with the same `key` share a
 * connection only if their urls are equal.
 */
export type UseLongPollOptions<T> = LongPollOptions<T> & UrlHookOptions

/**
 * Subscribes a component to messages that a server delivers by long polling. It sends a request after the first
 * render, resumes after the last cursor, and aborts on unmount. Options and callbacks may be written inline.
 *
 * When a changed option takes effect:
 * - `enabled`, `key`: at once.
 * - `url`, `baseUrl`, `query`, `method`, `json`, and a `body` that is a string or `URLSearchParams`: at once. They are compared by their
 *   content, and open another connection.
 * - `headers`, any other `body`, and `url` or `sendCursor` if it is a function: with the next request.
 * - `messages`, and `readCursor` if it is a function: with the next response.
 * - `decode`, `endsWhen`, `onBadMessage`, `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - All others, and a schema as `decode`: when another connection opens.
 *
 * `decode`, `messages` and `endsWhen` may be added while the connection is open. A later `readCursor`, `sendCursor`,
 * `onBadMessage` or `body` is ignored until another connection opens.
 *
 * @param url The URL to poll, or a function that returns it for each request. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromLongPoll`; `initial` and `fold`, or `keep`, or neither for the last message; `select`;
 *   `enabled`, `key`, `lingerMs`, `publishEveryMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid, or the method is not safe to repeat.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { useLongPoll } from 'rxwire/react'
 *
 * export function Messages() {
 *   const { data, connection } = useLongPoll('/messages', {
 *     decode: json<{ text: string }>(),
 *     readCursor: { header: 'x-next' },
 *     keep: 50,
 *   })
 *   return (
 *     <section aria-busy={connection !== 'open'}>
 *       {data.map(({ text }, index) => <p key={index}>{text}</p>)}
 *     </section>
 *   )
 * }
 * ```
 */
export function useLongPoll<T = unknown, S = T | undefined>(
  url: HookUrl,
  options?: UseLongPollOptions<T> & LastView<T, S>,
): WireResult<S>
export function useLongPoll<T = unknown, S = T[]>(
  url: HookUrl,
  options: UseLongPollOptions<T> & KeptView<T, S>,
): WireResult<S>
export function useLongPoll<T = unknown, D = AllTypeArguments, S = D>(
  url: HookUrl,
  options: UseLongPollOptions<T> & FoldedView<T, D, S>,
): WireResult<S>
export function useLongPoll<T, D, S>(
  url: HookUrl,
  options: UseLongPollOptions<T> & AnyView<T, D, S> = {},
): WireResult<S> {
  const address = addressOf('long-poll', url, requestPart(options))
  return useUrlWire<T, D, S, typeof options>(url, options, { connect: fromLongPoll, address, live })
}

function live<T>(latest: Latest<LongPollOptions<T>>, resumeFrom: string | undefined): LongPollOptions<T> {
  return {
    ...latest.current,
    ...liveCallbacks(latest, {
      decode: (input) => input,
      messages: (body) => [body],
      endsWhen: () => false,
      onBadMessage: undefined,
      readCursor: undefined,
      sendCursor: undefined,
    }),
    ...liveRequest(latest),
    resumeFrom: resumeFrom ?? latest.current.resumeFrom,
  }
}
