'use client'

import { useCallback, useEffect, useState } from 'react'
import { useIsHydrated } from './use-is-hydrated.ts'
import { useLatest } from './use-latest.ts'

/** What changes outside of React, as far as a component needs to know it. */
export interface Snapshots<S> {
  getSnapshot(): S
  getServerSnapshot(): S
  subscribe(listener: () => void): () => void
}

/**
 * Shows what changes outside of React as ordinary state. The updates of `useSyncExternalStore` make React begin a
 * navigation anew that it has not finished rendering, and a stream would do so with each frame; those of a transition
 * wait until the transitions of everybody else have ended. Ordinary ones do neither.
 *
 * @param hasNews Whether there is anything in the second that the component would show otherwise than in the first.
 */
export function useSnapshot<S>(store: Snapshots<S>, hasNews: (shown: S, next: S) => boolean): S {
  const isHydrated = useIsHydrated()
  const [held, hold] = useState(() => ({ store, snapshot: store.getSnapshot() }))
  const snapshot = held.store === store ? held.snapshot : store.getSnapshot()
  const shown = useLatest({ snapshot })

  const show = useCallback(() => {
    const next = store.getSnapshot()
    if (hasNews(shown.current.snapshot, next)) hold({ store, snapshot: next })
  }, [store, hasNews, shown])
  useEffect(() => store.subscribe(show), [store, show])
  // Also what has come between the render and now, or is read for the first time.
  useEffect(show)

  return isHydrated ? snapshot : store.getServerSnapshot()
}
