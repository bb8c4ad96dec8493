'use client'

import { useInsertionEffect, useMemo } from 'react'
import type { WireError, WireSource, WireState, WireStore } from 'rxwire'
import { useKept, useLatest } from './base-hooks.ts'
import { FieldTracker, joined } from './field-tracker.ts'
import { useSnapshot } from './use-snapshot.ts'
import { type StoreOptions, useStore } from './use-store.ts'
import type { AnyView, FoldedView, KeptView, LastView, SelectOptions } from './view-options.ts'

/** Options of {@link useWire}, beside those of how messages become data. */
export interface UseWireOptions extends StoreOptions {
  /**
   * Whether a failure that ends the wire is thrown in the render, for an error boundary, instead of being shown as
   * `error`: yes, no, or which. Default `false`.
   */
  readonly throwOnError?: boolean | ((error: WireError) => boolean) | undefined
}

/** A wire's state, and the two things that a person may want of it: the same functions with every render. */
export interface WireResult<D> extends WireState<D> {
  /** Connects anew at once, from the last cursor: legal in every state, also after `stop` or a failure. */
  readonly reconnect: () => void
  /** Closes the connection and keeps it closed until `reconnect`. */
  readonly stop: () => void
}

/**
 * Shows a wire in a component. It connects after the first render and closes on unmount; every message reaches
 * `fold`, and the component renders at most once a frame, and only if a field has changed that it reads.
 *
 * Under `<Activity mode="hidden">` the connection is closed; shown again, it goes on from its cursor, with the data
 * that had come.
 *
 * @param source A wire (kept with `useMemo` or outside the component: another one is another connection), or a
 *   function that makes one, which may be written inline.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; and what
 *   of it is shown: `select`. `initial` and `keep` are those of the render that opened the connection, `fold` and
 *   `select` are always the latest.
 * @throws TypeError if an option makes no sense.
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
export function useWire<T, D, S = D>(
  source: WireSource<T>,
  options: UseWireOptions & FoldedView<T, D, S>,
): WireResult<S>
export function useWire<T, S = T[]>(source: WireSource<T>, options: UseWireOptions & KeptView<T, S>): WireResult<S>
export function useWire<T, S = T | undefined>(
  source: WireSource<T>,
  options?: UseWireOptions & LastView<T, S>,
): WireResult<S>
export function useWire<T, D, S>(
  source: WireSource<T>,
  options: UseWireOptions & AnyView<T, D, S> = {},
): WireResult<S> {
  return useStoreResult(useStore(source, options), options)
}

/** A store in a component: its state, and the two controls. */
export function useStoreResult<D, S>(
  store: WireStore<D>,
  options: Pick<UseWireOptions, 'throwOnError'> & SelectOptions<D, S>,
): WireResult<S> {
  const state = useStoreState(store, options)
  const latest = useLatest(store)
  const controls = useMemo(
    () => ({ reconnect: () => latest.current.reconnect(), stop: () => latest.current.stop() }),
    [latest],
  )
  return useMemo(() => joined(state, controls), [state, controls])
}

/** A store's state in a component, which renders for what it reads of it. */
export function useStoreState<D, S>(
  store: WireStore<D>,
  options: Pick<UseWireOptions, 'throwOnError'> & SelectOptions<D, S>,
): WireState<S> {
  const latest = useLatest(options)
  const tracker = useKept(() => new FieldTracker(latest), [latest])
  const state = useSnapshot(store, tracker)

  const { throwOnError = false } = options
  if (throwOnError !== false) {
    tracker.track('connection', 'error')
    const { connection, error } = state
    if (connection === 'failed' && error && (throwOnError === true || throwOnError(error))) throw error
  }

  const selected = tracker.select(state.data, options)
  useInsertionEffect(() => tracker.show(selected))
  return useMemo(() => tracker.of(state, selected), [tracker, state, selected])
}
