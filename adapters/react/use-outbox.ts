'use client'

import { useEffect } from 'react'
import { timer } from 'rxjs'
import { createOutbox, type Outbox, type OutboxOptions } from 'rxwire'
import { useStableMemo } from './base-hooks.ts'

interface SharedOutbox {
  readonly outbox: Outbox<never, never>
  users: number
}

// The longest delay of a host timer. A longer one fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1

const sharedOutboxes = new Map<unknown, SharedOutbox>()

/**
 * Returns the outbox of all components with this key. It is created on first use. `lingerMs` after the last of them
 * unmounts it is cleared, which rejects every pending `send`.
 */
export function useOutbox<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): Outbox<C, I> {
  useEffect(() => {
    const shared = findOrCreate(key, options, lingerMs)
    shared.users += 1
    return () => {
      shared.users -= 1
      releaseUnused(key, shared, lingerMs)
    }
  }, [key])

  // Each call looks the outbox up, so that a render that React discards does not create one.
  return useStableMemo(() => {
    const outbox = () => findOrCreate(key, options, lingerMs).outbox as unknown as Outbox<C, I>
    return {
      send: (message, how) => outbox().send(message, how),
      feed: (source, how) => outbox().feed(source, how),
      get counts() {
        return outbox().counts
      },
      getCounts: () => outbox().getCounts(),
      clear: () => outbox().clear(),
      attach: (link) => outbox().attach(link),
    }
  }, [key])
}

function findOrCreate<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): SharedOutbox {
  let shared = sharedOutboxes.get(key)
  if (shared === undefined) {
    shared = { outbox: createOutbox(options) as unknown as Outbox<never, never>, users: 0 }
    sharedOutboxes.set(key, shared)
    // A `send` after unmount creates an outbox without users. It has to be rejected, too.
    releaseUnused(key, shared, lingerMs)
  }
  return shared
}

/** Clears the outbox if no component uses it after `lingerMs`. StrictMode unmounts and remounts synchronously. */
function releaseUnused(key: unknown, shared: SharedOutbox, lingerMs: number): void {
  timer(Math.min(lingerMs, MAX_TIMER_MS)).subscribe(() => {
    if (shared.users > 0 || sharedOutboxes.get(key) !== shared) return
    sharedOutboxes.delete(key)
    shared.outbox.clear()
  })
}
