'use client'

import { startTransition, useCallback, useEffect, useInsertionEffect, useRef, useState } from 'react'
import { asyncScheduler } from 'rxjs'
import { useIsHydrated } from './use-is-hydrated.ts'

// How long what is new may be on its way to the screen before it is said again, louder.
const PATIENCE_MS = 500

/** What changes outside of React, as far as a component needs to know it. */
export interface Snapshots<S> {
  getSnapshot(): S
  getServerSnapshot(): S
  subscribe(listener: () => void): () => void
}

/**
 * Shows what changes outside of React, without being in the way of what else goes on there. What is new is set in a
 * transition: an update of higher rank would make React begin a navigation anew that it has not finished rendering,
 * and a stream would do so with each frame. Only what is not on the screen in time, because a transition takes long or
 * waits for something else, is set once more as an ordinary update.
 *
 * @param hasNews Whether there is anything in the second that the component would show otherwise than in the first.
 */
export function useSnapshot<S>(store: Snapshots<S>, hasNews: (shown: S, next: S) => boolean): S {
  const isHydrated = useIsHydrated()
  const [held, hold] = useState(() => ({ store, snapshot: store.getSnapshot() }))
  const snapshot = held.store === store ? held.snapshot : store.getSnapshot()
  const screen = useRef({ snapshot, awaitedSinceMs: 0 })
  useInsertionEffect(() => {
    if (screen.current.snapshot !== snapshot) screen.current = { snapshot, awaitedSinceMs: 0 }
  })

  const show = useCallback(() => {
    const next = store.getSnapshot()
    if (!hasNews(screen.current.snapshot, next)) return
    const nowMs = asyncScheduler.now()
    const update = () => hold({ store, snapshot: next })
    screen.current.awaitedSinceMs ||= nowMs
    if (nowMs - screen.current.awaitedSinceMs < PATIENCE_MS) return startTransition(update)
    screen.current.awaitedSinceMs = nowMs
    update()
  }, [store, hasNews])
  useEffect(() => store.subscribe(show), [store, show])
  // Also what has come between the render and now, or is read for the first time.
  useEffect(show)

  return isHydrated ? snapshot : store.getServerSnapshot()
}
