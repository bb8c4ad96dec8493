'use client'

import { useState } from 'react'

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
