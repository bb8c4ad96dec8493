import { isObservable } from 'rxjs'
import {
  type AccumulateOptions,
  type AllTypeArguments,
  accumulatorOf,
  type FoldOptions,
  type KeepOptions,
  type LastOptions,
} from '../accumulate.ts'
import { hintUnknownOptions } from '../http/diagnostics/unknown-options.ts'
import { requireResumePoint } from '../resume-point.ts'
import { idleState, type WireState } from '../state.ts'
import { requireNonNegative } from '../validate.ts'
import { LiveStore, type WireSource } from './live-store.ts'
import type { WireCallbacks } from './wire-callbacks.ts'

const LOAD_TIMEOUT_MS = 30_000

/** The data of a store, for another store, for example from a server to the browser. It is JSON if the data is. */
export interface DehydratedWire<D> {
  readonly data: D
  /** The resume point after the data. */
  readonly cursor: string | undefined
}

/** Options of {@link wireStore}. */
export interface WireStoreOptions<D = unknown> {
  /**
   * Stores with the same key share one connection and one state. The options of the store that opened it apply.
   * Default: a connection of its own.
   */
  readonly key?: string | undefined
  /**
   * How long the connection stays open after its last listener, in milliseconds. Default 0, one macrotask: enough for
   * listeners that unsubscribe and subscribe again at once, as in React's StrictMode. A failed connection is released
   * at once.
   */
  readonly lingerMs?: number | undefined
  /**
   * How often data is published at most, in milliseconds, for fewer renders than animation frames: chat interfaces choose
   * 50. The first message, the end and every change of the connection do not wait for it, and the last data is always
   * published. Default 0: once per animation frame.
   */
  readonly publishEveryMs?: number | undefined
  /**
   * The result of {@link WireStore.dehydrate} of another store: the first data, instead of `initial`, and the cursor to
   * resume from. Default: none.
   */
  readonly dehydrated?: DehydratedWire<D> | undefined
}

/** Options of {@link WireStore.reconnect}. */
export interface ReconnectOptions {
  /** Whether to send a request again that is not safe to repeat. Default `false`. */
  readonly repeat?: boolean | undefined
}

/** The state of a wire for a UI, in the form that React's `useSyncExternalStore` and other frameworks expect. */
export interface WireStore<D> {
  /** The last published state. The same object until the state changes. */
  getSnapshot(): WireState<D>
  /** The idle state, with the dehydrated data if there is any. A server that renders does not connect. */
  getServerSnapshot(): WireState<D>
  /**
   * Opens the connection with the first listener, and notifies listeners at most once per animation frame, or less often
   * with `publishEveryMs`. If the connection was closed because it had no listeners, the next one finds the data and
   * resumes from its cursor. A wire that has completed or was stopped stays closed.
   *
   * @param listener Receives whether the page is overloaded. Then tasks are queueing, and work that the listener defers
   *   does not run soon.
   * @param callbacks Called for each event of the wire when it happens, and not once per animation frame. Their type does
   *   not know that of the messages. Default: none.
   */
  subscribe(listener: (isOverloaded: boolean) => void, callbacks?: WireCallbacks<never>): () => void
  /** Whether there is more than the initial data: a message was received, or `dehydrated` was given. */
  isLoaded(): boolean
  /**
   * Opens the connection and waits for the first message, at most `timeoutMs` (default 30,000): for the loader of a
   * router, for a server that renders, for React's Suspense. Without listeners, the connection stays open for 5 s more,
   * or until it is stopped. A call within 1 s after a failure rejects with the same error. A later call retries.
   *
   * @throws TypeError at the call, if `timeoutMs` is invalid.
   * @throws WireError as a rejection, if the wire ends before its first message: its own failure, kind `closed` if it
   *   completed, kind `timeout` if no message was received in time.
   */
  load(options?: { readonly timeoutMs?: number | undefined }): Promise<void>
  /** Returns the data and its cursor, for `dehydrated` of another store. */
  dehydrate(): DehydratedWire<D>
  /**
   * Reconnects at once, from the last cursor. Works in every state while there are listeners, also after `stop` or a
   * failure. May be called by an event handler directly.
   *
   * @param options `repeat: true` also sends a request again that is not safe to repeat. Default `false`: such a wire
   *   fails with kind `unrepeatable`.
   */
  reconnect(options?: ReconnectOptions | { readonly isTrusted: boolean }): void
  /** Closes the connection and keeps it closed until {@link WireStore.reconnect}. */
  stop(): void
}

/**
 * Folds a wire into state for a UI. It does not connect before the first listener.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromEventSource, wireStore } from 'rxwire'
 *
 * const store = wireStore(fromEventSource('/ticks'), { keep: 10 })
 * const unsubscribe = store.subscribe(() => console.info(store.getSnapshot().data))
 * ```
 */
export function wireStore<T>(
  source: WireSource<T>,
  options?: WireStoreOptions<T | undefined> & LastOptions,
): WireStore<T | undefined>
export function wireStore<T>(source: WireSource<T>, options: WireStoreOptions<T[]> & KeepOptions): WireStore<T[]>
export function wireStore<T, D = AllTypeArguments>(
  source: WireSource<T>,
  options: WireStoreOptions<NoInfer<D>> & FoldOptions<T, D>,
): WireStore<D>
export function wireStore<T, D>(
  source: WireSource<T>,
  options: WireStoreOptions<D> & AccumulateOptions<T, D> = {},
): WireStore<D> {
  const { dehydrated, lingerMs = 0, publishEveryMs = 0 } = options
  hintUnknownOptions(options)
  requireNonNegative('lingerMs', lingerMs)
  requireNonNegative('publishEveryMs', publishEveryMs)
  requireSource(source)
  if (dehydrated !== undefined) requireDehydrated(dehydrated, options.keep !== undefined)
  const accumulator = accumulatorOf<T, D>(options)
  const idle = {
    ...idleState(dehydrated === undefined ? accumulator.view(accumulator.initial) : dehydrated.data),
    cursor: dehydrated?.cursor,
  }
  // Without a key, the connection is not shared: a new object equals no other key.
  const key: unknown = options.key ?? {}
  // The live store of the last subscription. It keeps the data when it has no listeners.
  let lastOpened: LiveStore<T, D> | undefined
  const live = () => LiveStore.of<T, D>(key)
  const open = () => {
    lastOpened =
      live() ??
      lastOpened ??
      new LiveStore(key, { source, accumulator, idle, isLoaded: dehydrated !== undefined, lingerMs, publishEveryMs })
    return lastOpened
  }
  const current = () => live() ?? lastOpened
  return {
    getSnapshot: () => current()?.snapshot ?? idle,
    getServerSnapshot: () => idle,
    subscribe: (listener, callbacks) => open().subscribe(listener, callbacks),
    isLoaded: () => current()?.isLoaded ?? dehydrated !== undefined,
    load: ({ timeoutMs = LOAD_TIMEOUT_MS } = {}) => {
      requireNonNegative('timeoutMs', timeoutMs)
      return open().load(timeoutMs)
    },
    dehydrate: () => current()?.current ?? { data: idle.data, cursor: idle.cursor },
    // An event has a `repeat` of its own: a key that is held down.
    reconnect: (options = {}) =>
      live()?.reconnect('repeat' in options && !('isTrusted' in options) && options.repeat === true),
    stop: () => live()?.stop(),
  }
}

/** @throws TypeError if a value from another store is not what {@link WireStore.dehydrate} returns. */
function requireDehydrated(dehydrated: Partial<DehydratedWire<unknown>> | null, isArray: boolean): void {
  const isValid = isArray ? Array.isArray(dehydrated?.data) : typeof dehydrated === 'object'
  if (dehydrated === null || !isValid) throw new TypeError('dehydrated must be the result of dehydrate()')
  requireResumePoint('dehydrated: cursor', dehydrated.cursor)
}

function requireSource<T>(source: WireSource<T>): void {
  if (typeof source === 'function' || isObservable(source)) return
  throw new TypeError('source must be a wire or a function')
}
