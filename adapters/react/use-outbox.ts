import { useEffect } from 'react'
import type { Outbox, OutboxOptions } from 'rxwire'
import { sharedOutbox } from 'rxwire/reactive'
import { useStableMemo } from './base-hooks.ts'

/**
 * Returns the outbox of all components with this key. It is created on first use. `lingerMs` after the last of them
 * unmounts it is cleared, which rejects every pending `send`.
 */
export function useOutbox<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): Outbox<C, I> {
  const shared = useStableMemo(() => sharedOutbox(key, options, lingerMs), [key])
  useEffect(() => shared.use(), [shared])
  return shared.outbox
}
