import type { AllTypeArguments, FoldOptions, KeepOptions, LastOptions, Wire, WireCallbacks } from 'rxwire'
import { type StartedHookOptions, type StartedResult, useStartedWire } from './use-started-wire.ts'
import type { AnyView, SelectOptions } from './view-options.ts'

/** What {@link useFetchStream} returns: the state of the wire, `start` and `stop`. */
export type FetchStreamResult<A extends readonly unknown[], D> = StartedResult<A, D>

/**
 * Renders a response while it streams in. It connects on `start`, and aborts on `stop` and on unmount. `stop` keeps the
 * data received so far. A truncated response is `connection: 'failed'` with an `error` of kind `truncated`; the data
 * received so far stays.
 *
 * When a changed option takes effect:
 * - `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - `connect`, `initial`, `keep`, `lingerMs`, `publishEveryMs`: with the next `start`.
 *
 * @param connect Returns the wire for the arguments of `start`, usually with `fromFetchStream`. May be written inline.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `select`,
 *   `isEqual`, `throwOnError`; `lingerMs`, `publishEveryMs` (default 0).
 * @throws TypeError if an option is invalid.
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
export function useFetchStream<A extends readonly unknown[], T, S = T | undefined>(
  connect: (...args: A) => Wire<T>,
  options?: StartedHookOptions & LastOptions & SelectOptions<T | undefined, S> & WireCallbacks<NoInfer<T>>,
): FetchStreamResult<A, S>
export function useFetchStream<A extends readonly unknown[], T, S = T[]>(
  connect: (...args: A) => Wire<T>,
  options: StartedHookOptions & KeepOptions & SelectOptions<T[], S> & WireCallbacks<NoInfer<T>>,
): FetchStreamResult<A, S>
export function useFetchStream<A extends readonly unknown[], T, D = AllTypeArguments, S = D>(
  connect: (...args: A) => Wire<T>,
  options: StartedHookOptions & FoldOptions<T, D> & SelectOptions<NoInfer<D>, S> & WireCallbacks<NoInfer<T>>,
): FetchStreamResult<A, S>
export function useFetchStream<A extends readonly unknown[], T, D, S>(
  connect: (...args: A) => Wire<T>,
  options: StartedHookOptions & Omit<AnyView<T, D, S>, 'dehydrated'> = {},
): FetchStreamResult<A, S> {
  return useStartedWire(connect, options)
}
