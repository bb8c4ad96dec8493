import { useMemo } from 'react'
import {
  type AllTypeArguments,
  type Fold,
  type FoldOptions,
  type KeepOptions,
  type LastOptions,
  type Run,
  type RunStoreOptions,
  runStore,
  type WireCallbacks,
} from 'rxwire'
import { useLatest, useStableMemo } from './base-hooks.ts'
import { mergeFields } from './field-tracker.ts'
import { type UseWireOptions, useStoreResult, type WireResult } from './use-wire.ts'
import type { AnyView, SelectOptions } from './view-options.ts'

/** Options of {@link useRun}, except `initial`, `fold`, `keep` and `select`. */
export interface UseRunOptions extends RunStoreOptions, Pick<UseWireOptions, 'throwOnError'> {}

/** What {@link useRun} returns: the state of the answer, and its controls, which keep their identity. */
export interface RunResult<I, D> extends Omit<WireResult<D>, 'stop'> {
  /** Starts an answer. `data` starts over. An answer that is running is left, not stopped. */
  readonly start: (input: I) => void
  /**
   * Ends the answer on the server. The data stays, and nothing attaches until the next `start`. Rejects if the `stop`
   * function of the run does.
   */
  readonly stop: () => Promise<void>
}

/**
 * Renders an answer that the server produces on its own. `start` starts it. The component detaches when it unmounts or is
 * hidden by `<Activity>`, and attaches again where it was when it is back: after a navigation, and with `persist` after a
 * reload. The start is not sent again. `stop` ends the answer on the server.
 *
 * When a changed option takes effect:
 * - `run`, `id`: at once.
 * - `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - `initial`, `keep`, `lingerMs`, `publishEveryMs`, `persist`, `attach`: with another `run` or `id`.
 *
 * @param run The result of `createRun`. Create it outside of the component.
 * @param options `id`; how messages become data: `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`, `isEqual`; `persist`, `attach`, `lingerMs` and `publishEveryMs` (default 0), `throwOnError` (default `false`).
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```tsx
 * import type { Run } from 'rxwire'
 * import { useRun } from 'rxwire/react'
 *
 * declare const answer: Run<string, { text: string }>
 *
 * export function Answer({ chatId }: { chatId: string }) {
 *   const { data, connection, start, stop } = useRun(answer, {
 *     id: chatId,
 *     persist: 'session',
 *     initial: '',
 *     fold: (all, { text }) => all + text,
 *   })
 *   return (
 *     <article aria-busy={connection === 'open'}>
 *       <p>{data}</p>
 *       <button onClick={() => start('Why?')}>Ask</button>
 *       <button onClick={() => void stop()}>Stop</button>
 *     </article>
 *   )
 * }
 * ```
 */
export function useRun<I, T, S = T | undefined>(
  run: Run<I, T>,
  options: UseRunOptions & LastOptions & SelectOptions<T | undefined, S> & WireCallbacks<NoInfer<T>>,
): RunResult<I, S>
export function useRun<I, T, S = T[]>(
  run: Run<I, T>,
  options: UseRunOptions & KeepOptions & SelectOptions<T[], S> & WireCallbacks<NoInfer<T>>,
): RunResult<I, S>
export function useRun<I, T, D = AllTypeArguments, S = D>(
  run: Run<I, T>,
  options: UseRunOptions & FoldOptions<T, D> & SelectOptions<NoInfer<D>, S> & WireCallbacks<NoInfer<T>>,
): RunResult<I, S>
export function useRun<I, T, D, S>(
  run: Run<I, T>,
  options: UseRunOptions & Omit<AnyView<T, D, S>, 'dehydrated'>,
): RunResult<I, S> {
  const latest = useLatest(options)
  const store = useStableMemo(() => {
    const { fold } = options
    const latestFold: Fold<T, D> | undefined = fold && ((...args) => (latest.current.fold ?? fold)(...args))
    // The overloads check that the options match.
    return runStore(run, { ...options, fold: latestFold } as UseRunOptions & FoldOptions<T, D>)
  }, [run, options.id])
  const result = useStoreResult(store, options)
  const latestStore = useLatest(store)
  const controls = useMemo(
    () => ({
      start: (input: I) => latestStore.current.start(input),
      stop: () => latestStore.current.stop(),
    }),
    [latestStore],
  )
  return useMemo(() => mergeFields(result, controls), [result, controls])
}
