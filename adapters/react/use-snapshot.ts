import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { BehaviorSubject } from 'rxjs'
import type { WireCallbacks } from 'rxwire'
import { useIsHydrated, useLatest, useStableMemo } from './base-hooks.ts'

/** The part of an external store that {@link useSnapshot} needs. */
export interface SnapshotStore<S> {
  getSnapshot(): S
  getServerSnapshot(): S
  /** Calls the listener on each change, with whether the main thread is overloaded. */
  subscribe(listener: (isOverloaded: boolean) => void, callbacks: WireCallbacks<never>): () => void
}

/** Decides which changes a component renders. */
export interface ChangeFilter<S> {
  /** Returns whether the component would render `next` differently from what it has rendered. */
  changed(rendered: S, next: S): boolean
  /** Calls the listener when the component starts to depend on more of the snapshot. */
  subscribe(listener: () => void): () => void
}

/** A snapshot, the store that it is from, and a version: the highest version is the latest snapshot. */
interface Entry<S> {
  readonly store: SnapshotStore<S>
  readonly snapshot: S
  readonly version: number
}

/**
 * Returns the snapshot of an external store, updated as ordinary React state.
 *
 * - Not with `useSyncExternalStore`: its updates are synchronous, so React restarts a navigation that it has not
 *   finished rendering. A stream would restart it once per frame.
 * - Not in a transition: its updates wait until all pending transitions have ended.
 *
 * The exception is an overloaded page. Its task queue is full and React's own task is the last in it, so the snapshot
 * is rendered synchronously within the frame.
 */
export function useSnapshot<S>(store: SnapshotStore<S>, filter: ChangeFilter<S>, callbacks: WireCallbacks<never>): S {
  const isHydrated = useIsHydrated()
  const [entry, setEntry] = useState<Entry<S>>(() => ({ store, snapshot: store.getSnapshot(), version: 0 }))
  const syncEntries = useStableMemo(() => createSyncEntries(entry), [])
  const syncEntry = useSyncExternalStore(syncEntries.subscribe, syncEntries.get, syncEntries.get)
  // The filter skipped this entry. The next render still has to use it: its `select` may return something else.
  const skipped = useRef(entry)
  const latest = [syncEntry, skipped.current].reduce((last, next) => (next.version > last.version ? next : last), entry)
  const snapshot = latest.store === store ? latest.snapshot : store.getSnapshot()
  const rendered = useLatest({ snapshot })

  const update = useCallback(
    (isOverloaded: boolean) => {
      const next = { store, snapshot: store.getSnapshot(), version: syncEntries.nextVersion() }
      if (!filter.changed(rendered.current.snapshot, next.snapshot)) skipped.current = next
      else if (isOverloaded) syncEntries.set(next)
      else setEntry(next)
    },
    [store, filter, syncEntries, rendered],
  )
  useEffect(() => store.subscribe(update, callbacks), [store, update, callbacks])
  useEffect(() => filter.subscribe(() => update(false)), [filter, update])
  // After every render: the store may have changed since, and the render may have read more fields.
  useEffect(() => update(false))

  return isHydrated ? snapshot : store.getServerSnapshot()
}

/** Creates the external store for synchronous updates. It also numbers the versions of both kinds of update. */
function createSyncEntries<S>(first: Entry<S>) {
  const entries = new BehaviorSubject(first)
  let version = first.version
  return {
    nextVersion: () => {
      version += 1
      return version
    },
    get: () => entries.value,
    set: (next: Entry<S>) => entries.next(next),
    subscribe: (onChange: () => void) => {
      const subscription = entries.subscribe(onChange)
      return () => subscription.unsubscribe()
    },
  }
}
