import { isObservable } from 'rxjs'
import { accumulatorOf, type FoldOptions, type KeepOptions } from '../accumulate.ts'
import { idleState, type WireState } from '../state.ts'
import { requireNonNegative } from '../validate.ts'
import { LiveStore, type WireSource } from './live-store.ts'

const LOAD_TIMEOUT_MS = 30_000

/** What one store hands to another one elsewhere, as from a server to the browser. It is JSON if the data is. */
export interface DehydratedWire<D> {
  readonly data: D
  /** Where the data ends, and so where to go on. */
  readonly cursor: string | undefined
}

/** Options of {@link wireStore}. */
export interface WireStoreOptions<D = unknown> {
  /**
   * Stores with the same key share one connection and one state; the options of the one that opened it hold.
   * Default: a connection of its own.
   */
  readonly key?: string | undefined
  /**
   * How long the connection outlives its last listener, in milliseconds. Default 0, one macrotask: enough for
   * listeners that leave and come back at once, as React's StrictMode makes them. What has failed does not linger.
   */
  readonly lingerMs?: number | undefined
  /**
   * What {@link WireStore.dehydrate} of another store gave: the data to begin with, instead of `initial`, and the cursor
   * that the connection goes on from. The source must be a function then, so that it can be told. Default: none.
   */
  readonly dehydrated?: DehydratedWire<D> | undefined
}

/** A wire's state for a UI to show: the shape that React's `useSyncExternalStore` takes, and other frameworks too. */
export interface WireStore<D> {
  /** The state as last published. The same object until something changes. */
  getSnapshot(): WireState<D>
  /** The idle state, with the data that was dehydrated if there was any: nothing connects while a server renders. */
  getServerSnapshot(): WireState<D>
  /**
   * Opens the connection with the first listener, and tells of changes at most once a frame. Whoever comes back after
   * the connection was closed for lack of listeners finds the data that had come, and goes on from its cursor; what
   * was complete, or stopped, stays so.
   *
   * @param listener It is told whether the page is overloaded: then tasks are queueing, and what the listener puts off
   *   will not run soon.
   */
  subscribe(listener: (isOverloaded: boolean) => void): () => void
  /** Whether there is more to show than the initial data: a message has come, or something was dehydrated. */
  isLoaded(): boolean
  /**
   * Opens the connection and waits for the first message, at most `timeoutMs` (default 30,000): for a router's loader,
   * for a server that renders, for React's Suspense. The connection stays for 5 s more if nobody listens by then, or until it is
   * stopped. Whoever asks within 1 s after a failure is told of that one; later, it is tried anew.
   *
   * @throws TypeError at the call, if `timeoutMs` makes no sense.
   * @throws WireError, as a rejection, with what ended the wire before that: its own failure, one of kind `closed` if it completed, one
   *   of kind `timeout` if nothing came in time.
   */
  load(options?: { readonly timeoutMs?: number | undefined }): Promise<void>
  /** The data and its cursor, for `dehydrated` of another store. */
  dehydrate(): DehydratedWire<D>
  /**
   * Connects anew at once, from the last cursor: legal in every state while somebody listens, also after `stop`
   * or a failure.
   */
  reconnect(): void
  /** Closes the connection and keeps it closed, while somebody listens, until {@link WireStore.reconnect}. */
  stop(): void
}

/**
 * Folds a wire into state that a UI can show. Inert until somebody listens.
 *
 * @throws TypeError if an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromEventSource, wireStore } from 'rxwire'
 *
 * const store = wireStore(fromEventSource('/ticks'), { keep: 10 })
 * const unsubscribe = store.subscribe(() => console.info(store.getSnapshot().data))
 * ```
 */
export function wireStore<T, D>(
  source: WireSource<T>,
  options: WireStoreOptions<NoInfer<D>> & FoldOptions<T, D>,
): WireStore<D>
export function wireStore<T>(source: WireSource<T>, options: WireStoreOptions<T[]> & KeepOptions): WireStore<T[]>
export function wireStore<T>(source: WireSource<T>, options?: WireStoreOptions<T | undefined>): WireStore<T | undefined>
export function wireStore<T, D>(
  source: WireSource<T>,
  options: WireStoreOptions<D> & Partial<FoldOptions<T, D> & KeepOptions> = {},
): WireStore<D> {
  const { dehydrated, lingerMs = 0 } = options
  requireNonNegative('lingerMs', lingerMs)
  requireSource(source, dehydrated?.cursor)
  const folding = accumulatorOf<T, D>(options)
  const idle = {
    ...idleState(dehydrated === undefined ? folding.view(folding.initial) : dehydrated.data),
    cursor: dehydrated?.cursor,
  }
  // Without a key of its own, a store shares with nobody: an object is equal to itself alone.
  const key: unknown = options.key ?? {}
  // The one that this store has listened to last: what has come over it stays when nobody listens any more.
  let own: LiveStore<T, D> | undefined
  const live = () => LiveStore.of<T, D>(key)
  const open = () => {
    own = live() ?? own ?? new LiveStore(key, { source, folding, idle, isLoaded: dehydrated !== undefined, lingerMs })
    return own
  }
  const seen = () => live() ?? own
  return {
    getSnapshot: () => seen()?.snapshot ?? idle,
    getServerSnapshot: () => idle,
    subscribe: (listener) => open().subscribe(listener),
    isLoaded: () => seen()?.isLoaded ?? dehydrated !== undefined,
    load: ({ timeoutMs = LOAD_TIMEOUT_MS } = {}) => {
      requireNonNegative('timeoutMs', timeoutMs)
      return open().load(timeoutMs)
    },
    dehydrate: () => seen()?.current ?? { data: idle.data, cursor: idle.cursor },
    reconnect: () => live()?.reconnect(),
    stop: () => live()?.stop(),
  }
}

function requireSource<T>(source: WireSource<T>, cursor: string | undefined): void {
  if (typeof source === 'function') return
  if (!isObservable(source)) throw new TypeError('source must be a wire or a function')
  if (cursor !== undefined) throw new TypeError('source must be a function, to be told the cursor that was dehydrated')
}
