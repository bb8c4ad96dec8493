'use client'

import { useSyncExternalStore } from 'react'

const nothing = () => () => {}

/** Whether this render may differ from a server's: not on a server, nor where its page is being brought to life. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  )
}
