import { useInsertionEffect, useRef, useState, useSyncExternalStore } from 'react'

/** A value of the last committed render, for code that outlives renders. */
export interface Latest<V> {
  readonly current: V
}

/** Returns a ref to the value of the last committed render. Renders that React discards do not change it. */
export function useLatest<V>(value: V): Latest<V> {
  const ref = useRef(value)
  // An insertion effect runs before every other effect that might read the ref.
  useInsertionEffect(() => {
    ref.current = value
  })
  return ref
}

/**
 * `useMemo` with a guarantee: the value is created again only when one of `deps` changes. React may empty the cache of
 * `useMemo`, and does so on every hot reload.
 *
 * @param create Receives the value that it replaces. If `deps` change in each render, React calls it again and again
 *   before the commit.
 */
export function useStableMemo<V>(create: (previous: V | undefined) => V, deps: readonly unknown[]): V {
  const [entry, setEntry] = useState(() => ({ value: create(undefined), deps }))
  const isSame = deps.length === entry.deps.length && deps.every((dep, index) => Object.is(dep, entry.deps[index]))
  if (isSame) return entry.value
  const next = { value: create(entry.value), deps }
  setEntry(next)
  return next.value
}

/** A store that never changes. */
export const emptySubscribe = (): (() => void) => () => {}

/** Returns `false` on a server and during hydration, where the output must match the server's; `true` afterwards. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    emptySubscribe,
    () => true,
    () => false,
  )
}
