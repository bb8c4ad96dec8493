'use client'

import { useInsertionEffect, useRef, useState, useSyncExternalStore } from 'react'

/** A value that changes with each render, seen from something that outlives renders. */
export interface Latest<V> {
  readonly current: V
}

/** What the last committed render was given: a render that React throws away is never seen. */
export function useLatest<V>(value: V): Latest<V> {
  const ref = useRef(value)
  // Before any effect that might read it.
  useInsertionEffect(() => {
    ref.current = value
  })
  return ref
}

/**
 * As `useMemo`, for what must not be made twice: React may forget what it memoizes, and does so whenever a module is
 * reloaded while one develops. What was made is kept until one of `deps` changes.
 */
export function useKept<V>(make: () => V, deps: readonly unknown[]): V {
  const [kept, keep] = useState(() => ({ value: make(), deps }))
  const isSame = deps.length === kept.deps.length && deps.every((dep, index) => Object.is(dep, kept.deps[index]))
  if (isSame) return kept.value
  const next = { value: make(), deps }
  keep(next)
  return next.value
}

const nothing = () => () => {}

/** Whether this render may differ from a server's: not on a server, nor where its page is being brought to life. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  )
}
