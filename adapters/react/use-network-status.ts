import { useSyncExternalStore } from 'react'
import { networkStatus } from 'rxwire'

/**
 * Returns whether the host reports a network connection: `'online'` or `'offline'`. It is `'online'` on a server and
 * during hydration. Wires do not need this hook: they pause and reconnect on their own.
 *
 * @example
 * ```tsx
 * import { useNetworkStatus } from 'rxwire/react'
 *
 * export function Banner() {
 *   return useNetworkStatus() === 'offline' ? <p role="status">You are offline. Messages are sent later.</p> : null
 * }
 * ```
 */
export function useNetworkStatus(): 'online' | 'offline' {
  return useSyncExternalStore(subscribe, getSnapshot, () => 'online')
}

function subscribe(onChange: () => void): () => void {
  const subscription = networkStatus().subscribe(onChange)
  return () => subscription.unsubscribe()
}

/** Reads the current status, which `networkStatus()` emits synchronously on subscribe. */
function getSnapshot(): 'online' | 'offline' {
  let status: 'online' | 'offline' = 'online'
  networkStatus()
    .subscribe((current) => {
      status = current
    })
    .unsubscribe()
  return status
}
