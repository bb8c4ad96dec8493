'use client'

import type { FoldOptions, KeepOptions, Wire } from 'rxwire'
import { type StartedHookOptions, type StartedResult, useStartedWire } from './use-started-wire.ts'
import type { SelectOptions } from './view-options.ts'

/** What {@link useFetchStream} returns: the wire's state, and its two buttons. */
export type FetchStreamResult<A extends readonly unknown[], D> = StartedResult<A, D>

/**
 * An answer that is shown while it arrives. Nothing opens before `start`, `stop` leaves what has come, and unmounting
 * aborts. An answer that was cut off is `connection: 'failed'` with an `error` of kind `truncated`; what has come of
 * it stays.
 *
 * @param ask Makes the wire from what `start` is given, usually with `fromFetchStream`. May be written inline.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message.
 *
 * @example
 * ```tsx
 * import { fromFetchStream, text } from 'rxwire'
 * import { useFetchStream } from 'rxwire/react'
 *
 * export function Story() {
 *   const { data, start, stop, connection } = useFetchStream(
 *     (about: string) => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *     { initial: '', fold: (story, piece) => story + piece },
 *   )
 *   return (
 *     <article aria-busy={connection === 'open'}>
 *       <p>{data}</p>
 *       <button onClick={() => start('a lighthouse')}>Tell me</button>
 *       <button onClick={stop}>Stop</button>
 *     </article>
 *   )
 * }
 * ```
 */
export function useFetchStream<A extends readonly unknown[], T, D, S = D>(
  ask: (...args: A) => Wire<T>,
  options: StartedHookOptions & FoldOptions<T, D> & SelectOptions<NoInfer<D>, S>,
): FetchStreamResult<A, S>
export function useFetchStream<A extends readonly unknown[], T, S = T[]>(
  ask: (...args: A) => Wire<T>,
  options: StartedHookOptions & KeepOptions & SelectOptions<T[], S>,
): FetchStreamResult<A, S>
export function useFetchStream<A extends readonly unknown[], T, S = T | undefined>(
  ask: (...args: A) => Wire<T>,
  options?: StartedHookOptions & SelectOptions<T | undefined, S>,
): FetchStreamResult<A, S>
export function useFetchStream<A extends readonly unknown[], T, D, S>(
  ask: (...args: A) => Wire<T>,
  options: StartedHookOptions & Partial<FoldOptions<T, D> & KeepOptions> & SelectOptions<D, S> = {},
): FetchStreamResult<A, S> {
  return useStartedWire(ask, options)
}
