import { useInsertionEffect } from 'react'
import { isObservable } from 'rxjs'
import { type Fold, type FoldOptions, type Outbox, type Wire, type WireSource, type WireStore, wireStore } from 'rxwire'
import { unstableSource } from './advice.ts'
import { emptySubscribe, useStableMemo } from './base-hooks.ts'
import type { AnyView } from './view-options.ts'

/** Shares connections with other tabs. `tabs()` of `rxwire/tabs` returns one. */
export interface TabSharing {
  /** Returns a source that shares the connection of `open` with all tabs that have the same key. */
  share<T, C = never>(open: TabSource<T>, key: string, outgoing?: Outbox<C, T>): TabSource<T>
}

/** Returns a wire that starts at a resume point. */
type TabSource<T> = (start: { readonly resumeFrom: string | undefined }) => Wire<T>

/** Options of every hook: which connection a component uses, and when it is open. */
export interface StoreOptions {
  /** `false` closes the connection, or keeps it closed, and returns the idle state. Default `true`. */
  readonly enabled?: boolean | undefined
  /**
   * Components with the same key share one connection and one state. The connection uses the options of the component
   * that opened it. Use another key for another connection. Default: each component has its own connection.
   */
  readonly key?: string | undefined
  /**
   * How long the connection stays open after its last component unmounts, in milliseconds. A failed connection is
   * released at once, so that the next component to mount connects again. Default 0.
   */
  readonly lingerMs?: number | undefined
  /**
   * Shares the connection with other tabs: `tabs()` of `rxwire/tabs`. Needs a `key`, which must contain the user and the
   * tenant. Default: each tab has its own connection.
   */
  readonly tabs?: TabSharing | undefined
  /**
   * How often data is rendered at most, in milliseconds: chat interfaces choose 50. The first message, the end and every
   * change of the connection do not wait for it, and the last data is always rendered. Default 0: once per animation frame.
   */
  readonly publishEveryMs?: number | undefined
  /**
   * Values that open another connection when one of them changes, compared with `Object.is`. Their number must stay the
   * same. A source that is an Observable is always one of them; a function never is. Default: none.
   */
  readonly restartOn?: readonly unknown[] | undefined
}

/** How messages become data, without what is selected of it. */
type DataOptions<T, D> = Omit<AnyView<T, D, unknown>, 'select' | 'isEqual'>

/** The outbox of a hook that sends. */
interface Sending<T> {
  readonly outgoing?: Outbox<never, T> | undefined
}

/** The arguments that a store is created from. */
interface StoreInput<T, D> {
  readonly source: WireSource<T>
  readonly options: StoreOptions & DataOptions<T, D> & Sending<T>
}

/**
 * Returns the store of a component: the same one until `enabled`, `key`, an Observable source or a value of `restartOn`
 * changes. A store does nothing until it is subscribed.
 */
export function useStore<T, D>(source: WireSource<T>, options: StoreInput<T, D>['options']): WireStore<D> {
  const { enabled = true, key, restartOn = [] } = options
  const wire = isObservable(source) ? source : undefined
  // The latest input belongs to the store, not to the component: a render that suspends opens its store before it
  // commits, while the component still renders the previous store.
  const entry = useStableMemo<StoreEntry<T, D>>(
    (previous) => {
      const replaced = previous === undefined || previous.isCommitted ? 0 : previous.replaced + 1
      if (replaced > MAX_REPLACED) throw unstableSource(wire !== undefined && wire !== previous?.wire)
      const input = { current: { source, options } }
      return { store: createStore(input), input, wire, replaced, isCommitted: false }
    },
    [enabled, key, wire, options.tabs === undefined, ...restartOn],
  )
  useInsertionEffect(() => {
    entry.isCommitted = true
    entry.input.current = { source, options }
  })
  return entry.store
}

/** The store of a component. */
interface StoreEntry<T, D> {
  readonly store: WireStore<D>
  readonly input: { current: StoreInput<T, D> }
  readonly wire: WireSource<T> | undefined
  /** How many stores of the same render this one has replaced. */
  readonly replaced: number
  isCommitted: boolean
}

// React repeats a render 25 times before it fails with a message that does not name the cause. Two or three repetitions
// are normal for a component that derives its source from state.
const MAX_REPLACED = 10

/** Creates a store that reads `source` and `fold` on each use, so they may be written inline. */
function createStore<T, D>(input: { readonly current: StoreInput<T, D> }): WireStore<D> {
  const { source, options } = input.current
  const { enabled = true, fold, tabs, key } = options
  const latestSource: TabSource<T> = (start) => {
    const { source } = input.current
    return typeof source === 'function' ? source(start) : source
  }
  const latestFold: Fold<T, D> | undefined = fold && ((...args) => (input.current.options.fold ?? fold)(...args))
  if (tabs !== undefined && key === undefined)
    throw new TypeError('tabs needs a key that contains the user and the tenant')
  const shared = tabs?.share(latestSource, key ?? '', options.outgoing)
  const store = wireStore(shared ?? (isObservable(source) ? source : latestSource), {
    ...options,
    fold: latestFold,
    // The overloads of the hooks check that the options match.
  } as FoldOptions<T, D>)
  return enabled ? store : { ...store, subscribe: emptySubscribe, getSnapshot: store.getServerSnapshot }
}
