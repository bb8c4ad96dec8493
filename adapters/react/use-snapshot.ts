'use client'

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { BehaviorSubject } from 'rxjs'
import { useIsHydrated, useKept, useLatest } from './base-hooks.ts'

/** What changes outside of React, as far as a component needs to know it. */
export interface Snapshots<S> {
  getSnapshot(): S
  getServerSnapshot(): S
  /** The listener is told whether the page is overloaded. */
  subscribe(listener: (isOverloaded: boolean) => void): () => void
}

/** What a component reads of snapshots. */
export interface Reader<S> {
  /** Whether there is anything in the second that the component would show otherwise than in the first. */
  changed(shown: S, next: S): boolean
  /** The listener is told when more is read than before. */
  subscribe(listener: () => void): () => void
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
 */
export function useSnapshot<S>(store: Snapshots<S>, reader: Reader<S>): S {
  const isHydrated = useIsHydrated()
  const [held, hold] = useState<Shown<S>>(() => ({ store, snapshot: store.getSnapshot(), order: 0 }))
  const hurry = useKept(() => hurrying(held), [])
  const hurried = useSyncExternalStore(hurry.subscribe, hurry.get, hurry.get)
  // What has made no difference so far may make one to the next render: its `select` may ask for something else.
  const passed = useRef(held)
  const last = [hurried, passed.current].reduce((last, next) => (next.order > last.order ? next : last), held)
  const snapshot = last.store === store ? last.snapshot : store.getSnapshot()
  const shown = useLatest({ snapshot })

  const show = useCallback(
    (isOverloaded: boolean) => {
      const next = { store, snapshot: store.getSnapshot(), order: hurry.nextOrder() }
      if (!reader.changed(shown.current.snapshot, next.snapshot)) passed.current = next
      else if (isOverloaded) hurry.show(next)
      else hold(next)
    },
    [store, reader, hurry, shown],
  )
  useEffect(() => store.subscribe(show), [store, show])
  useEffect(() => reader.subscribe(() => show(false)), [reader, show])
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
