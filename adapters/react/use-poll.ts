'use client'

import { type FetchBodies, fromPoll, type PollOptions, type Provider, type Wire } from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type HookUrl, requestPart, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** The response types other than JSON. */
type OtherBody = Exclude<NonNullable<PollOptions<unknown>['responseType']>, 'json'>

/**
 * Options of {@link usePoll}: those of `fromPoll` and of the hook. Components with the same `key` share a
 * connection only if their urls are equal.
 */
export type UsePollOptions<T, R extends OtherBody | 'json' = OtherBody | 'json'> = PollOptions<T, R> & UrlHookOptions

// The overloads below check that the decoder matches `responseType`.
const connect = fromPoll as <T>(url: Provider<string | URL>, options: PollOptions<T>) => Wire<T>

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
 *   `enabled`, `key`, `lingerMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option is invalid, or the method is not safe to repeat.
 *
 * @example
 * ```tsx
 * import { usePoll } from 'rxwire/react'
 *
 * export function Job() {
 *   const { data, error } = usePoll<{ done: boolean }>('/jobs/7', { everyMs: 2_000, endsWhen: ({ done }) => done })
 *   return <p>{error?.message ?? (data?.done ? 'Done.' : 'Working…')}</p>
 * }
 * ```
 */
export function usePoll<R extends OtherBody, T = FetchBodies[R], D = never, S = D>(
  url: HookUrl,
  options: UsePollOptions<T, R> & FoldedView<T, D, S> & { readonly responseType: R },
): WireResult<S>
export function usePoll<R extends OtherBody, T = FetchBodies[R], S = T[]>(
  url: HookUrl,
  options: UsePollOptions<T, R> & KeptView<T, S> & { readonly responseType: R },
): WireResult<S>
export function usePoll<R extends OtherBody, T = FetchBodies[R], S = T | undefined>(
  url: HookUrl,
  options: UsePollOptions<T, R> & LastView<T, S> & { readonly responseType: R },
): WireResult<S>
export function usePoll<T = unknown, D = never, S = D>(
  url: HookUrl,
  options: UsePollOptions<T, 'json'> & FoldedView<T, D, S>,
): WireResult<S>
export function usePoll<T = unknown, S = T[]>(
  url: HookUrl,
  options: UsePollOptions<T, 'json'> & KeptView<T, S>,
): WireResult<S>
export function usePoll<T = unknown, S = T | undefined>(
  url: HookUrl,
  options?: UsePollOptions<T, 'json'> & LastView<T, S>,
): WireResult<S>
export function usePoll<T, D, S>(url: HookUrl, options: UsePollOptions<T> & AnyView<T, D, S> = {}): WireResult<S> {
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
