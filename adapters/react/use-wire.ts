import { useInsertionEffect, useMemo } from 'react'
import type {
  AllTypeArguments,
  ReconnectOptions,
  WireCallbacks,
  WireError,
  WireSource,
  WireState,
  WireStore,
} from 'rxwire'
import { useLatest, useStableMemo } from './base-hooks.ts'
import { FieldTracker, mergeFields } from './field-tracker.ts'
import { liveCallbacks } from './live-options.ts'
import { useSnapshot } from './use-snapshot.ts'
import { type StoreOptions, useStore } from './use-store.ts'
import type { AnyView, FoldedView, KeptView, LastView, SelectOptions } from './view-options.ts'

/** Options of {@link useWire}, except `initial`, `fold`, `keep` and `select`. */
export interface UseWireOptions extends StoreOptions {
  /**
   * Whether to throw a failure that ends the wire in the render, for an error boundary, or a function that decides it
   * per error. Otherwise the failure is returned as `error`. Default `false`.
   */
  readonly throwOnError?: boolean | ((error: WireError) => boolean) | undefined
}

/**
 * What {@link useWire} returns: the state of the wire and its controls. The controls keep their identity. The component
 * renders only for the fields that it reads. A spread and a rest element read all of them.
 */
export interface WireResult<D> extends WireState<D> {
  /**
   * Connects again at once, from the last cursor. Allowed in every state, also after `stop` or a failure. `{ repeat: true
   * }` also sends a request again that is not safe to repeat.
   */
  readonly reconnect: WireStore<D>['reconnect']
  /** Closes the connection and keeps it closed until `reconnect`. */
  readonly stop: () => void
}

/**
 * Subscribes a component to a wire. It connects after the first render and closes on unmount. Every message reaches
 * `fold`. The component renders at most once per animation frame, and only if a field that it reads has changed.
 *
 * Under `<Activity mode="hidden">` the connection is closed and the data is kept. When the component is visible again,
 * the connection resumes from its cursor.
 *
 * When a changed option takes effect:
 * - `enabled`, `key`, `restartOn`: at once.
 * - `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - `initial`, `keep`, `lingerMs`, `publishEveryMs`: when another connection opens, because of one of the first group.
 *
 * @param source A wire, or a function that returns one. A function may be written inline. Create a wire outside the
 *   component or with `useMemo`: another wire is another connection.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message. `select`
 *   picks the part that is rendered. `onMessage`, `onOpen`, `onError` and `onClose` are called once for each event.
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```tsx
 * import { interval, map } from 'rxjs'
 * import type { Wire } from 'rxwire'
 * import { useWire } from 'rxwire/react'
 *
 * const seconds: Wire<number> = interval(1_000).pipe(map((data) => ({ type: 'message', data })))
 *
 * export function Seconds() {
 *   const { data = 0 } = useWire(seconds)
 *   return <output>{data}</output>
 * }
 * ```
 */
export function useWire<T, S = T | undefined>(
  source: WireSource<T>,
  options?: UseWireOptions & LastView<T, S>,
): WireResult<S>
export function useWire<T, S = T[]>(source: WireSource<T>, options: UseWireOptions & KeptView<T, S>): WireResult<S>
export function useWire<T, D = AllTypeArguments, S = D>(
  source: WireSource<T>,
  options: UseWireOptions & FoldedView<T, D, S>,
): WireResult<S>
export function useWire<T, D, S>(
  source: WireSource<T>,
  options: UseWireOptions & AnyView<T, D, S> = {},
): WireResult<S> {
  return useStoreResult(useStore(source, options), options)
}

/** Options of a component that renders the state of a store. */
type StateOptions<D, S> = Pick<UseWireOptions, 'throwOnError'> & SelectOptions<D, S> & WireCallbacks<never>

const NO_CALLBACKS = { onMessage: () => {}, onOpen: () => {}, onError: () => {}, onClose: () => {} }

/** Subscribes a component to a store, and returns its state and controls. */
export function useStoreResult<D, S>(store: WireStore<D>, options: StateOptions<D, S>): WireResult<S> {
  const state = useStoreState(store, options)
  const latest = useLatest(store)
  const controls = useMemo(
    () => ({
      reconnect: (options?: ReconnectOptions) => latest.current.reconnect(options),
      stop: () => latest.current.stop(),
    }),
    [latest],
  )
  return useMemo(() => mergeFields(state, controls), [state, controls])
}

/** Subscribes a component to the fields of a store's state that it reads. */
export function useStoreState<D, S>(store: WireStore<D>, options: StateOptions<D, S>): WireState<S> {
  const latest = useLatest(options)
  const tracker = useStableMemo(() => new FieldTracker<D, S>(latest), [latest])
  const callbacks = useStableMemo(() => liveCallbacks(latest, NO_CALLBACKS), [latest])
  const state = useSnapshot(store, tracker, callbacks)

  const { throwOnError = false } = options
  if (throwOnError !== false) {
    tracker.track('connection', 'error')
    const { connection, error } = state
    if (connection === 'failed' && error && (throwOnError === true || throwOnError(error))) throw error
  }

  const selected = tracker.select(state.data, options)
  useInsertionEffect(() => tracker.commit(selected))
  return useMemo(() => tracker.trackState(state, selected), [tracker, state, selected])
}
