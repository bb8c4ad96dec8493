'use client'

import { useInsertionEffect, useRef } from 'react'

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
