'use client'

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { BehaviorSubject } from 'rxjs'
import { useIsHydrated } from './use-is-hydrated.ts'
import { useKept } from './use-kept.ts'
import { useLatest } from './use-latest.ts'

/** What changes outside of React, as far as a component needs to know it. */
export interface Snapshots<S> {
  getSnapshot(): S
  getServerSnapshot(): S
  /** The listener is told whether the page is overloaded. */
  subscribe(listener: (isOverloaded: boolean) => void): () => void
}

/** A snapshot, of which store, and which of two came later. */
interface Shown<S> {
  readonly store: Snapshots<S>
  readonly snapshot: S
  readonly order: number
}

/**
 * Shows what changes outside of React as ordinary state. The updates of `useSyncExternalStore` make React begin a
 * navigation anew that it has not finished rendering, and a stream would do so with each frame; those of a transition
 * wait until the transitions of everybody else have ended. Ordinary ones do neither. Only in a page whose tasks are
 * queueing, where React's own would be the last, they are shown in the frame, as `useSyncExternalStore` does.
 *
 * @param hasNews Whether there is anything in the second that the component would show otherwise than in the first.
 */
export function useSnapshot<S>(store: Snapshots<S>, hasNews: (shown: S, next: S) => boolean): S {
  const isHydrated = useIsHydrated()
  const [held, hold] = useState<Shown<S>>(() => ({ store, snapshot: store.getSnapshot(), order: 0 }))
  const hurry = useKept(() => hurrying(held), [])
  const hurried = useSyncExternalStore(hurry.subscribe, hurry.get, hurry.get)
  const last = hurried.order > held.order ? hurried : held
  const snapshot = last.store === store ? last.snapshot : store.getSnapshot()
  const shown = useLatest({ snapshot })

  const show = useCallback(
    (isOverloaded: boolean) => {
      const next = store.getSnapshot()
      if (!hasNews(shown.current.snapshot, next)) return
      const update = isOverloaded ? hurry.show : hold
      update({ store, snapshot: next, order: hurry.nextOrder() })
    },
    [store, hasNews, hurry, shown],
  )
  useEffect(() => store.subscribe(show), [store, show])
  // Also what has come between the render and now, or is read for the first time.
  useEffect(() => show(false))

  return isHydrated ? snapshot : store.getServerSnapshot()
}

/** The way to the screen that does not wait for React's turn. */
function hurrying<S>(first: Shown<S>) {
  const last = new BehaviorSubject(first)
  let order = first.order
  return {
    nextOrder: () => {
      order += 1
      return order
    },
    get: () => last.value,
    show: (next: Shown<S>) => last.next(next),
    subscribe: (onChange: () => void) => {
      const subscription = last.subscribe(onChange)
      return () => subscription.unsubscribe()
    },
  }
}
