'use client'

import { isObservable } from 'rxjs'
import { type Fold, type FoldOptions, type WireSource, type WireStore, wireStore } from 'rxwire'
import { useKept } from './use-kept.ts'
import { type Latest, useLatest } from './use-latest.ts'
import type { AnyView } from './view-options.ts'

/** Options of every hook about which connection is meant, and when it is open. */
export interface StoreOptions {
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

const nothing = () => () => {}

/** The store of a component: the same one until another connection is meant. Inert until it is subscribed. */
export function useStore<T, D>(
  source: WireSource<T>,
  options: StoreOptions & Omit<AnyView<T, D, unknown>, 'select' | 'isEqual'>,
): WireStore<D> {
  const { enabled = true, key, restartOn = [] } = options
  const latest = useLatest({ source, options })
  return useKept(() => {
    const store = storeOver(latest, options)
    return enabled ? store : { ...store, subscribe: nothing, getSnapshot: store.getServerSnapshot }
  }, [enabled, key, isObservable(source) ? source : undefined, latest, ...restartOn])
}

/** The store reads source and fold when it needs them, so writing them inline changes nothing. */
function storeOver<T, D>(
  latest: Latest<{ source: WireSource<T>; options: Omit<AnyView<T, D, unknown>, 'select' | 'isEqual'> }>,
  { key, lingerMs, initial, fold, keep, dehydrated }: StoreOptions & Omit<AnyView<T, D, unknown>, 'select' | 'isEqual'>,
): WireStore<D> {
  const source: WireSource<T> = isObservable(latest.current.source)
    ? latest.current.source
    : (start) => {
        const current = latest.current.source
        return typeof current === 'function' ? current(start) : current
      }
  const latestFold: Fold<T, D> | undefined = fold && ((...args) => (latest.current.options.fold ?? fold)(...args))
  // The overloads of the hooks have seen to it that what is given fits together.
  const options = { key, lingerMs, dehydrated, initial, fold: latestFold, keep } as FoldOptions<T, D>
  return wireStore(source, options)
}
