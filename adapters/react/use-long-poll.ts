'use client'

import { fromLongPoll, type LongPollOptions, type Provider } from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** Options of {@link useLongPoll}: those of the wire, and those of the hook. What is shared by `key` has the same url. */
export type UseLongPollOptions<T> = LongPollOptions<T> & UrlHookOptions

/**
 * Messages that a server hands out when it has some, in a component. It asks after the first render, goes on from the
 * last cursor, and lets the request go on unmount. Options and callbacks may be written inline: a changed url or
 * `query` makes a new connection; changed `headers` are sent with the next request, a changed callback runs for the
 * next answer, and all other options are those of the render that opened the connection. `decode`, `messages` and
 * `until` may come later; `cursor`, `sendCursor` and `onBadMessage` may not: without one, the connection goes on as it
 * began.
 *
 * @param url Where to ask, or a function that says so for each request.
 * @param options Those of `fromLongPoll`; `initial` and `fold`, or `keep`, or neither for the last message; `select`;
 *   `enabled`, `key`, `lingerMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option makes no sense, or the method is not safe to repeat.
 *
 * @example
 * ```tsx
 * import { useLongPoll } from 'rxwire/react'
 *
 * export function Messages() {
 *   const { data, connection } = useLongPoll<{ text: string }>('/messages', { readCursor: { header: 'x-next' }, keep: 50 })
 *   return (
 *     <section aria-busy={connection !== 'open'}>
 *       {data.map(({ text }, index) => <p key={index}>{text}</p>)}
 *     </section>
 *   )
 * }
 * ```
 */
export function useLongPoll<T = unknown, D = never, S = D>(
  url: Provider<string | URL>,
  options: UseLongPollOptions<T> & FoldedView<T, D, S>,
): WireResult<S>
export function useLongPoll<T = unknown, S = T[]>(
  url: Provider<string | URL>,
  options: UseLongPollOptions<T> & KeptView<T, S>,
): WireResult<S>
export function useLongPoll<T = unknown, S = T | undefined>(
  url: Provider<string | URL>,
  options?: UseLongPollOptions<T> & LastView<T, S>,
): WireResult<S>
export function useLongPoll<T, D, S>(
  url: Provider<string | URL>,
  options: UseLongPollOptions<T> & AnyView<T, D, S> = {},
): WireResult<S> {
  const address = addressOf(url, options.query)
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
