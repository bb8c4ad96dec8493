import { hashKey, type QueryKey } from '@tanstack/query-core'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { ConnectionState } from 'rxwire'
import type { CacheClient } from '../cache-client.ts'
import { IDLE, queryConnection } from '../query-connection.ts'

/**
 * Returns the connection of a live query, as `queryConnection` does. The query belongs to any adapter of TanStack Query.
 *
 * @param client The client whose cache holds the query, for example of `useQueryClient()`.
 * @param queryKey The key of the query. May be written inline.
 *
 * @example
 * ```tsx
 * import { useQueryClient } from '@tanstack/react-query'
 * import { useQueryConnection } from 'rxwire/query/react'
 *
 * export function Status() {
 *   const { connection } = useQueryConnection(useQueryClient(), ['news'])
 *   return <output>{connection === 'waiting' ? 'Reconnecting …' : connection}</output>
 * }
 * ```
 */
export function useQueryConnection(client: CacheClient, queryKey: QueryKey): ConnectionState {
  const states = useMemo(() => queryConnection(client, queryKey), [client, hashKey(queryKey)])
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = states.subscribe(onChange)
      return () => subscription.unsubscribe()
    },
    [states],
  )
  // The state is emitted synchronously on subscribe.
  const getSnapshot = () => {
    let current = IDLE
    states
      .subscribe((state) => {
        current = state
      })
      .unsubscribe()
    return current
  }
  return useSyncExternalStore(subscribe, getSnapshot, () => IDLE)
}
