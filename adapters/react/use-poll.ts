import {
  type AllTypeArguments,
  type Decode,
  type DecodeRequired,
  fromPoll,
  type MessageOf,
  type NeedsDecode,
  type PollBodies,
  type PollOptions,
  type Wire,
} from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type HookUrl, requestPart, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/**
 * Options of {@link usePoll}: those of `fromPoll` and of the hook. Components with the same `key` share a
 * connection only if their urls are equal.
 */
export type UsePollOptions<T, R extends keyof PollBodies = keyof PollBodies> = PollOptions<
  T,
  R,
  MessageOf<T, PollBodies[R]>
> &
  UrlHookOptions

/** Requires `decode` for messages of another type than the body. */
type Needs<T, R extends keyof PollBodies> = NeedsDecode<PollBodies[R], T, DecodeRequired<Decode<PollBodies[R], T>>>

// The overloads below check that the decoder matches `responseType`.
const connect = fromPoll as unknown as <T>(url: HookUrl, options: PollOptions<T>) => Wire<T>

/**
 * Polls a resource from a component. It sends the first request after the first render, pauses while the page is
 * hidden, and stops on unmount. Requests carry the ETag of the data; after a 304 the data is still the same object.
 * Options and callbacks may be written inline.
 *
 * When a changed option takes effect:
 * - `enabled`, `key`: at once.
 * - `url`, `baseUrl`, `query`, `method`, `json`, `responseType`, and a `body` that is a string or `URLSearchParams`: at once. They are
 *   compared by their content, and start another poll, which sends a request at once.
 * - `headers`, any other `body`, and a `url` function: with the next request.
 * - `decode`, `endsWhen`, `onBadMessage`, `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - All others, and a schema as `decode`: when another poll starts.
 *
 * `decode` and `endsWhen` may be added while the poll runs. A later `onBadMessage` or `body` is ignored until another
 * poll starts.
 *
 * @param url The URL to poll, or a function that returns it for each request. The hook is idle while it is `null` or
 *   `undefined`.
 * @param options Options of `fromPoll`; `initial` and `fold`, or `keep`, or neither for the last message; `select`;
 *   `enabled`, `key`, `lingerMs`, `publishEveryMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid, or the method is not safe to repeat.
 *
 * @example
 * ```tsx
 * import { json } from 'rxwire'
 * import { usePoll } from 'rxwire/react'
 *
 * export function Job() {
 *   const { data, error } = usePoll('/jobs/7', { decode: json<{ done: boolean }>(), everyMs: 2_000, endsWhen: ({ done }) => done })
 *   return <p>{error?.message ?? (data?.done ? 'Done.' : 'Working…')}</p>
 * }
 * ```
 */
export function usePoll<T = never, R extends keyof PollBodies = 'json', S = MessageOf<T, PollBodies[R]> | undefined>(
  url: HookUrl,
  options?: Needs<T, R> & UsePollOptions<T, R> & LastView<MessageOf<T, PollBodies[R]>, S>,
): WireResult<S>
export function usePoll<T = never, R extends keyof PollBodies = 'json', S = MessageOf<T, PollBodies[R]>[]>(
  url: HookUrl,
  options: Needs<T, R> & UsePollOptions<T, R> & KeptView<MessageOf<T, PollBodies[R]>, S>,
): WireResult<S>
export function usePoll<T = never, D = AllTypeArguments, R extends keyof PollBodies = 'json', S = D>(
  url: HookUrl,
  options: Needs<T, R> & UsePollOptions<T, R> & FoldedView<MessageOf<T, PollBodies[R]>, D, S>,
): WireResult<S>
export function usePoll<T, D, S>(
  url: HookUrl,
  options: PollOptions<T> & UrlHookOptions & AnyView<T, D, S> = {},
): WireResult<S> {
  return useUrlWire<T, D, S, typeof options>(url, options, {
    connect,
    address: addressOf('poll', url, requestPart(options), options.responseType),
    live,
  })
}

function live<T>(latest: Latest<PollOptions<T>>, resumeFrom: string | undefined): PollOptions<T> {
  return {
    ...latest.current,
    ...liveCallbacks(latest, { decode: (body) => body, onBadMessage: undefined, endsWhen: () => false }),
    ...liveRequest(latest),
    resumeFrom: resumeFrom ?? latest.current.resumeFrom,
  }
}
