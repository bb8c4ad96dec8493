import { NEVER } from 'rxjs'
import type { AccumulateOptions, AllTypeArguments, FoldOptions, KeepOptions, LastOptions } from '../accumulate.ts'
import { hintUnknownOptions } from '../http/diagnostics/unknown-options.ts'
import type { WireSource } from '../store/live-store.ts'
import { type DehydratedWire, type WireStore, type WireStoreOptions, wireStore } from '../store/wire-store.ts'
import { requireName } from '../validate.ts'
import type { Run } from './run.ts'
import { RunSession } from './run-session.ts'
import type { RunStorage } from './saved-run.ts'

/** Options of {@link runStore}. */
export interface RunStoreOptions extends Pick<WireStoreOptions, 'lingerMs' | 'publishEveryMs'> {
  /**
   * What the application calls the answer, such as the id of the conversation. Stores of the same run and id share one
   * connection and one state. The options of the store that opened it apply.
   */
  readonly id: string
  /**
   * Where the answer is kept over a reload: `'session'` for `sessionStorage`, `'local'` for `localStorage`, or a storage of
   * the same form. Its data must be JSON. Default: nowhere, a reload forgets it.
   */
  readonly persist?: RunStorage | undefined
  /**
   * Whether to attach also to an answer that this page does not know, such as one that another tab has started. The server
   * responds to `resume` with 204 if none is running. Default `false`.
   */
  readonly attach?: boolean | undefined
}

/** The state of a run for a UI: a {@link WireStore} that starts an answer, and stops it on the server. */
export interface RunStore<I, D> extends Omit<WireStore<D>, 'stop'> {
  /**
   * Starts an answer with the first listener. `data` starts over. An answer that is running is left, not stopped.
   */
  start(input: I): void
  /**
   * Ends the answer on the server. The data stays. Nothing attaches until the next `start`. Without a running answer it
   * does nothing.
   *
   * @throws As a rejection, what the `stop` function of the run rejects with.
   */
  stop(): Promise<void>
}

/**
 * Folds the answers of a run into state for a UI. Its first listener attaches to a running answer, and the last one
 * detaches when it leaves: the server keeps producing.
 *
 * @param run The result of `createRun`.
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { type Run, runStore } from 'rxwire'
 *
 * declare const answer: Run<string, string>
 *
 * const store = runStore(answer, { id: 'chat-1', initial: '', fold: (text, word) => text + word })
 * const unsubscribe = store.subscribe(() => console.info(store.getSnapshot().data))
 * store.start('Why?')
 * ```
 */
export function runStore<I, T>(run: Run<I, T>, options: RunStoreOptions & LastOptions): RunStore<I, T | undefined>
export function runStore<I, T>(run: Run<I, T>, options: RunStoreOptions & KeepOptions): RunStore<I, T[]>
export function runStore<I, T, D = AllTypeArguments>(
  run: Run<I, T>,
  options: RunStoreOptions & FoldOptions<T, D>,
): RunStore<I, D>
export function runStore<I, T, D>(run: Run<I, T>, options: RunStoreOptions & AccumulateOptions<T, D>): RunStore<I, D> {
  const { id, persist, attach = false, ...storeOptions } = options
  hintUnknownOptions(options)
  requireName('id', id)
  const createStore = (source: WireSource<T>, dehydrated?: DehydratedWire<D>) =>
    // The overloads check that the options match.
    wireStore(source, { ...storeOptions, dehydrated } as FoldOptions<T, D>)
  let own: RunSession<I, T, D> | undefined
  const live = () => RunSession.of<I, T, D>(run, id)
  const session = () => {
    own =
      live() ??
      own ??
      new RunSession<I, T, D>(run, {
        id,
        persist,
        attach,
        createStore,
        accepts: (data) => options.keep === undefined || Array.isArray(data),
      })
    return own
  }
  const idle = createStore(NEVER).getServerSnapshot()
  return {
    getSnapshot: () => session().store.getSnapshot(),
    getServerSnapshot: () => idle,
    subscribe: (listener, callbacks) => session().subscribe(listener, callbacks),
    isLoaded: () => session().store.isLoaded(),
    load: (loadOptions) => session().store.load(loadOptions),
    dehydrate: () => session().store.dehydrate(),
    reconnect: (reconnectOptions) => session().store.reconnect(reconnectOptions),
    start: (input) => session().start(input),
    stop: () => session().stop(),
  }
}
