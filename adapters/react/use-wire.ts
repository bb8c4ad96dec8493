'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { isObservable } from 'rxjs'
import {
  type Fold,
  type FoldOptions,
  type KeepOptions,
  type Wire,
  type WireSource,
  type WireState,
  type WireStore,
  wireStore,
} from 'rxwire'
import { type Latest, useLatest } from './use-latest.ts'

/** Options of {@link useWire}. */
export interface UseWireOptions {
  /** `false` keeps the wire closed, or closes it, and shows the idle state. Default `true`. */
  readonly enabled?: boolean | undefined
  /**
   * Components with the same key share one connection and one state; the options of the one that opened it
   * hold; for another connection, give another key. Default: each component has its own.
   */
  readonly key?: string | undefined
  /** How long the connection outlives the last component that uses it, in milliseconds. Default 0. */
  readonly lingerMs?: number | undefined
  /**
   * Values that make another connection when they change, compared one by one with `Object.is`; their number
   * must stay the same. A source that is an Observable is always one of them; a function never is.
   */
  readonly restartOn?: readonly unknown[] | undefined
}

/** A wire's state, and the two things that a person may want of it: the same functions with every render. */
export interface WireResult<D> extends WireState<D> {
  /** Connects anew at once, from the last cursor: legal in every state, also after `stop` or a failure. */
  readonly reconnect: () => void
  /** Closes the connection and keeps it closed until `reconnect`. */
  readonly stop: () => void
}

const nothing = () => () => {}

/**
 * Shows a wire in a component. It connects after the first render and closes on unmount; every message reaches
 * `fold`, and the component renders at most once a frame.
 *
 * @param source A wire (kept with `useMemo` or outside the component: another one is another connection), or a
 *   function that makes one, which may be written inline.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message.
 *   `initial` and `keep` are those of the render that opened the connection, `fold` is always the latest.
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
export function useWire<T, D>(source: WireSource<T>, options: UseWireOptions & FoldOptions<T, D>): WireResult<D>
export function useWire<T>(source: WireSource<T>, options: UseWireOptions & KeepOptions): WireResult<T[]>
export function useWire<T>(source: WireSource<T>, options?: UseWireOptions): WireResult<T | undefined>
export function useWire<T, D>(
  source: WireSource<T>,
  options: UseWireOptions & Partial<FoldOptions<T, D> & KeepOptions> = {},
): WireResult<unknown> {
  const { enabled = true, key, restartOn = [] } = options
  const latest = useLatest({ source, options })

  // A store is inert until it is subscribed, so one that a discarded render has made costs nothing.
  const store = useMemo(
    () => storeOver(latest, options),
    [key, isObservable(source) ? source : undefined, latest, ...restartOn],
  )
  const state = useSyncExternalStore(
    enabled ? store.subscribe : nothing,
    enabled ? store.getSnapshot : store.getServerSnapshot,
    store.getServerSnapshot,
  )
  const latestStore = useLatest({ store })
  const controls = useMemo(
    () => ({
      reconnect: () => latestStore.current.store.reconnect(),
      stop: () => latestStore.current.store.stop(),
    }),
    [latestStore],
  )
  return useMemo(() => ({ ...state, ...controls }), [state, controls])
}

/** The store reads source and fold when it needs them, so writing them inline changes nothing. */
function storeOver<T, D>(
  latest: Latest<{ source: WireSource<T>; options: Partial<FoldOptions<T, D> & KeepOptions> }>,
  { key, lingerMs, initial, fold, keep }: UseWireOptions & Partial<FoldOptions<T, D> & KeepOptions>,
): WireStore<unknown> {
  const source = ({ cursor }: { cursor: string | undefined }): Wire<T> => {
    const current = latest.current.source
    return typeof current === 'function' ? current({ cursor }) : current
  }
  if (fold === undefined)
    return keep === undefined ? wireStore(source, { key, lingerMs }) : wireStore(source, { key, lingerMs, keep })
  const latestFold: Fold<T, D> = (data, message, event) => (latest.current.options.fold ?? fold)(data, message, event)
  return wireStore(source, { key, lingerMs, initial: initial as D, fold: latestFold })
}
