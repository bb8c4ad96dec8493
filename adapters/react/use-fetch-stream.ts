'use client'

import { useCallback, useState } from 'react'
import type { FoldOptions, KeepOptions, Wire } from 'rxwire'
import { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'

/** What {@link useFetchStream} returns: the wire's state, and its two buttons. */
export interface FetchStreamResult<A extends readonly unknown[], D> extends Omit<WireResult<D>, 'reconnect'> {
  /** Asks, with these arguments. An answer that is still arriving is left, and `data` begins anew. */
  readonly start: (...args: A) => void
}

type HookOptions = Pick<UseWireOptions, 'lingerMs'>

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
export function useFetchStream<A extends readonly unknown[], T, D>(
  ask: (...args: A) => Wire<T>,
  options: HookOptions & FoldOptions<T, D>,
): FetchStreamResult<A, D>
export function useFetchStream<A extends readonly unknown[], T>(
  ask: (...args: A) => Wire<T>,
  options: HookOptions & KeepOptions,
): FetchStreamResult<A, T[]>
export function useFetchStream<A extends readonly unknown[], T>(
  ask: (...args: A) => Wire<T>,
  options?: HookOptions,
): FetchStreamResult<A, T | undefined>
export function useFetchStream<A extends readonly unknown[], T, D>(
  ask: (...args: A) => Wire<T>,
  options: HookOptions & Partial<FoldOptions<T, D> & KeepOptions> = {},
): FetchStreamResult<A, unknown> {
  // The arguments of each call are an object of their own: the same question twice is asked twice.
  const [args, setArgs] = useState<A>()
  const { reconnect: _, ...result } = useWire<T, D>(() => ask(...(args as A)), {
    ...(options as HookOptions & FoldOptions<T, D>),
    enabled: args !== undefined,
    restartOn: [args],
  })
  const start = useCallback((...next: A) => setArgs(next), [])
  return { ...result, start }
}
