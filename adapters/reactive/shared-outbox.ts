import { map, timer } from 'rxjs'
import { createOutbox, type Outbox, type OutboxCounts, type OutboxOptions, type Wire } from 'rxwire'

/** The counts of an outbox that was not used yet. */
export const NO_COUNTS: OutboxCounts = { queued: 0, queuedBytes: 0, sent: 0, dropped: 0, inFlight: 0, buffered: 0 }

/**
 * Wraps the counts as a wire, so that a store publishes them in the same animation frame as the messages.
 *
 * @param outbox The outbox.
 */
export function countsOf<C, I>(outbox: Outbox<C, I>): Wire<OutboxCounts> {
  return outbox.counts.pipe(map((data) => ({ type: 'message', data })))
}

/** An outbox that several components use. */
export interface SharedOutbox<C, I> {
  readonly outbox: Outbox<C, I>
  /** Adds a user. Returns the function that removes it. */
  use(): () => void
}

interface Entry {
  readonly outbox: Outbox<never, never>
  users: number
}

// The longest delay of a host timer. A longer one fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1

const entries = new Map<unknown, Entry>()

/**
 * Returns the outbox of all components with this key. It is created on first use. `lingerMs` after its last user is removed
 * it is cleared, which rejects every pending `send`.
 *
 * @param key Equal for all components that use it.
 * @param options Options of `createOutbox`, used by the first of them.
 * @param lingerMs How long it outlives its last user, in milliseconds.
 */
export function sharedOutbox<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): SharedOutbox<C, I> {
  const entry = () => findOrCreate(key, options, lingerMs)
  // Each call looks the outbox up, so that one which is never used is never created.
  const outbox = () => entry().outbox as unknown as Outbox<C, I>
  return {
    outbox: {
      send: (message, how) => outbox().send(message, how),
      feed: (source, how) => outbox().feed(source, how),
      get counts() {
        return outbox().counts
      },
      getCounts: () => outbox().getCounts(),
      clear: () => outbox().clear(),
      attach: (link) => outbox().attach(link),
      get createGate() {
        return outbox().createGate
      },
    },
    use: () => {
      const shared = entry()
      shared.users += 1
      return () => {
        shared.users -= 1
        releaseUnused(key, shared, lingerMs)
      }
    },
  }
}

function findOrCreate<C, I>(key: unknown, options: OutboxOptions<C, I>, lingerMs: number): Entry {
  let entry = entries.get(key)
  if (entry === undefined) {
    entry = { outbox: createOutbox(options) as unknown as Outbox<never, never>, users: 0 }
    entries.set(key, entry)
    // A `send` after the last user has left creates an outbox without users. It has to be rejected, too.
    releaseUnused(key, entry, lingerMs)
  }
  return entry
}

/** Clears the outbox if it has no users after `lingerMs`. React's StrictMode unmounts and remounts synchronously. */
function releaseUnused(key: unknown, entry: Entry, lingerMs: number): void {
  timer(Math.min(lingerMs, MAX_TIMER_MS)).subscribe(() => {
    if (entry.users > 0 || entries.get(key) !== entry) return
    entries.delete(key)
    entry.outbox.clear()
  })
}
