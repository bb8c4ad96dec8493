'use client'

import { useSyncExternalStore } from 'react'
import { networkStatus } from 'rxwire'

/**
 * Whether the host says that there is a network. Wires do not need to be told: they wait and go on by themselves.
 * Online on a server.
 *
 * @example
 * ```tsx
 * import { useNetworkStatus } from 'rxwire/react'
 *
 * export function Banner() {
 *   return useNetworkStatus() === 'offline' ? <p role="status">You are offline. What you write is sent later.</p> : null
 * }
 * ```
 */
export function useNetworkStatus(): 'online' | 'offline' {
  return useSyncExternalStore(subscribe, now, () => 'online')
}

function subscribe(onChange: () => void): () => void {
  const subscription = networkStatus().subscribe(onChange)
  return () => subscription.unsubscribe()
}

/** It says at once what is so. */
function now(): 'online' | 'offline' {
  let status: 'online' | 'offline' = 'online'
  networkStatus()
    .subscribe((current) => {
      status = current
    })
    .unsubscribe()
  return status
}
