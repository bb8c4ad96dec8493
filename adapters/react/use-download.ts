'use client'

import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { Progress } from 'rxwire'
import { downloadOf } from './fetch-query.ts'

/**
 * How far the answer to a query's request in flight has come, as a function that is called in the render: a component
 * that does not look at it is not rendered for it.
 */
export function useDownload(query: object): () => Progress | undefined {
  const isLookedAt = useRef(false)
  const progress = downloadOf(query)
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = progress.subscribe(onChange)
      return () => subscription.unsubscribe()
    },
    [progress],
  )
  const shown = useSyncExternalStore(
    subscribe,
    () => (isLookedAt.current ? progress.value : undefined),
    () => undefined,
  )
  return () => {
    isLookedAt.current = true
    return shown
  }
}
