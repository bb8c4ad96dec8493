'use client'

import { type FetchBodies, fromPoll, type PollOptions, type Provider, type Wire } from 'rxwire'
import type { Latest } from './base-hooks.ts'
import { liveCallbacks, liveRequest } from './live-options.ts'
import { addressOf, type UrlHookOptions, useUrlWire } from './use-url-wire.ts'
import type { WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, LastView } from './view-options.ts'

/** What an answer may be read as, beside JSON. */
type OtherBody = Exclude<NonNullable<PollOptions<unknown>['responseType']>, 'json'>

/** Options of {@link usePoll}: those of the wire, and those of the hook. What is shared by `key` has the same url. */
export type UsePollOptions<T, R extends OtherBody | 'json' = OtherBody | 'json'> = PollOptions<T, R> & UrlHookOptions

// The overloads below have seen to it that the decoder reads what the body is read as.
const connect = fromPoll as <T>(url: Provider<string | URL>, options: PollOptions<T>) => Wire<T>

/**
 * A state on a server that is asked for again and again, in a component. It asks after the first render, tells the
 * server what it has (after a 304 the data is the same object still), pauses while the page is hidden, and stops on
 * unmount. Options and callbacks may be written inline: a changed url or `query` makes a new poll, which asks at once;
 * changed `headers` are sent with the next request, a changed callback runs for the next message, and all other options
 * are those of the render that began the poll. `decode` and `until` may come later, `onBadMessage` may not: without it,
 * the poll goes on as it began.
 *
 * @param url What to ask for, or a function that says so for each request.
 * @param options Those of `fromPoll`; `initial` and `fold`, or `keep`, or neither for the last message; `select`;
 *   `enabled`, `key`, `lingerMs`, `throwOnError`, `dehydrated`.
 * @throws TypeError if the url or an option makes no sense, or the method is not safe to repeat.
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
  url: Provider<string | URL>,
  options: UsePollOptions<T, R> & FoldedView<T, D, S> & { readonly responseType: R },
): WireResult<S>
export function usePoll<R extends OtherBody, T = FetchBodies[R], S = T[]>(
  url: Provider<string | URL>,
  options: UsePollOptions<T, R> & KeptView<T, S> & { readonly responseType: R },
): WireResult<S>
export function usePoll<R extends OtherBody, T = FetchBodies[R], S = T | undefined>(
  url: Provider<string | URL>,
  options: UsePollOptions<T, R> & LastView<T, S> & { readonly responseType: R },
): WireResult<S>
export function usePoll<T = unknown, D = never, S = D>(
  url: Provider<string | URL>,
  options: UsePollOptions<T, 'json'> & FoldedView<T, D, S>,
): WireResult<S>
export function usePoll<T = unknown, S = T[]>(
  url: Provider<string | URL>,
  options: UsePollOptions<T, 'json'> & KeptView<T, S>,
): WireResult<S>
export function usePoll<T = unknown, S = T | undefined>(
  url: Provider<string | URL>,
  options?: UsePollOptions<T, 'json'> & LastView<T, S>,
): WireResult<S>
export function usePoll<T, D, S>(
  url: Provider<string | URL>,
  options: UsePollOptions<T> & AnyView<T, D, S> = {},
): WireResult<S> {
  return useUrlWire<T, D, S, typeof options>(url, options, { connect, address: addressOf(url, options.query), live })
}

function live<T>(latest: Latest<PollOptions<T>>, resumeFrom: string | undefined): PollOptions<T> {
  return {
    ...latest.current,
    ...liveCallbacks(latest, { decode: (body) => body, onBadMessage: undefined, endsWhen: () => false }),
    ...liveRequest(latest),
    resumeFrom: resumeFrom ?? latest.current.resumeFrom,
  }
}
