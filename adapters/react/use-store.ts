'use client'

import { useInsertionEffect } from 'react'
import { isObservable } from 'rxjs'
import { type Fold, type FoldOptions, type WireSource, type WireStore, wireStore } from 'rxwire'
import { useKept } from './base-hooks.ts'
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
  /**
   * How long the connection outlives the last component that uses it, in milliseconds. What has failed does not: who
   * comes next tries again. Default 0.
   */
  readonly lingerMs?: number | undefined
  /**
   * Values that make another connection when they change, compared one by one with `Object.is`; their number
   * must stay the same. A source that is an Observable is always one of them; a function never is.
   */
  readonly restartOn?: readonly unknown[] | undefined
}

/** How messages become data, whatever is shown of it. */
type DataOptions<T, D> = Omit<AnyView<T, D, unknown>, 'select' | 'isEqual'>

const nothing = () => () => {}

/** What the store of a component is made of. */
interface Origin<T, D> {
  readonly source: WireSource<T>
  readonly options: StoreOptions & DataOptions<T, D>
}

/** The store of a component: the same one until another connection is meant. Inert until it is subscribed. */
export function useStore<T, D>(source: WireSource<T>, options: StoreOptions & DataOptions<T, D>): WireStore<D> {
  const { enabled = true, key, restartOn = [] } = options
  // The origin belongs to the store, not to the component: a render that suspends opens its store before it is
  // committed, while the component still shows another one.
  const { store, origin } = useKept(() => {
    const origin = { current: { source, options } }
    return { store: storeOver(origin), origin }
  }, [enabled, key, isObservable(source) ? source : undefined, ...restartOn])
  useInsertionEffect(() => {
    origin.current = { source, options }
  })
  return store
}

/** The store reads source and fold when it needs them, so writing them inline changes nothing. */
function storeOver<T, D>(origin: { readonly current: Origin<T, D> }): WireStore<D> {
  const { source, options } = origin.current
  const { enabled = true, fold } = options
  const latestSource: WireSource<T> = (start) => {
    const { source } = origin.current
    return typeof source === 'function' ? source(start) : source
  }
  const latestFold: Fold<T, D> | undefined = fold && ((...args) => (origin.current.options.fold ?? fold)(...args))
  const store = wireStore(isObservable(source) ? source : latestSource, {
    ...options,
    fold: latestFold,
    // The overloads of the hooks have seen to it that what is given fits together.
  } as FoldOptions<T, D>)
  return enabled ? store : { ...store, subscribe: nothing, getSnapshot: store.getServerSnapshot }
}
