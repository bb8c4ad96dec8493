'use client'

import { useEffect } from 'react'
import { timer } from 'rxjs'
import { createOutbox, type Outbox, type OutboxOptions } from 'rxwire'
import { useKept } from './base-hooks.ts'

interface SharedOutbox {
  readonly outbox: Outbox<never, never>
  users: number
}

// The longest delay that timers take: a longer one would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

const sharedOutboxes = new Map<unknown, SharedOutbox>()

/**
 * The outbox of all components with this key. It is made when it is first used, and cleared `lingerMs` after the
 * last of them has gone: whoever still waits for a `send` is told.
 */
export function useOutbox<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): Outbox<C, I> {
  useEffect(() => {
    const shared = find(key, options, lingerMs)
    shared.users += 1
    return () => {
      shared.users -= 1
      releaseUnused(key, shared, lingerMs)
    }
  }, [key])

  // Looked up with each call: a render that React throws away must not leave an outbox behind.
  return useKept(() => {
    const outbox = () => find(key, options, lingerMs).outbox as unknown as Outbox<C, I>
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

function find<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): SharedOutbox {
  let shared = sharedOutboxes.get(key)
  if (shared === undefined) {
    shared = { outbox: createOutbox(options) as unknown as Outbox<never, never>, users: 0 }
    sharedOutboxes.set(key, shared)
    // Whoever sends when the component has gone already is told as well.
    releaseUnused(key, shared, lingerMs)
  }
  return shared
}

/** Not at once: under StrictMode a component leaves and comes back in the same breath. */
function releaseUnused(key: unknown, shared: SharedOutbox, lingerMs: number): void {
  timer(Math.min(lingerMs, MAX_TIMER_MS)).subscribe(() => {
    if (shared.users > 0 || sharedOutboxes.get(key) !== shared) return
    sharedOutboxes.delete(key)
    shared.outbox.clear()
  })
}
