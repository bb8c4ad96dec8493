import type { MonoTypeOperatorFunction } from 'rxjs'
import { callSync } from '../callback.ts'
import { StallWatch, stallError } from '../engine/stall-watch.ts'
import { requirePositive } from '../validate.ts'
import type { WireEvent } from '../wire.ts'
import { operate } from './operate.ts'

const isPositive = (ms: unknown) => typeof ms === 'number' && ms > 0

/**
 * Fails a wire that is open but silent, with a retryable `WireError` of kind `timeout`. Every event counts as activity,
 * including heartbeats and progress. The time before `open` is not limited. After a sleep of the machine the silence
 * starts again.
 *
 * @param limit The silence limit in milliseconds, or a function that derives it from the longest silence of this
 *   connection so far; `Infinity` for no limit.
 * @throws TypeError if the limit is not positive.
 *
 * @example
 * ```ts
 * import { reconnect, stallTimeout, type Wire } from 'rxwire'
 *
 * declare const feed: Wire<string>
 *
 * feed.pipe(stallTimeout(30_000), reconnect()).subscribe()
 * ```
 */
export function stallTimeout<T>(
  limit: number | ((longestGapMs: number) => number),
): MonoTypeOperatorFunction<WireEvent<T>> {
  if (typeof limit !== 'function') requirePositive('stallTimeout', limit)
  return operate((subscriber) => {
    /** A limit that is invalid fails the wire. It may be called by a timer, where an error would be uncaught. */
    const limitFor = (longestGapMs: number): number => {
      if (typeof limit !== 'function') return limit
      try {
        return callSync('stallTimeout', () => limit(longestGapMs), 'a positive number', isPositive)
      } catch (error) {
        subscriber.error(error)
        return Number.POSITIVE_INFINITY
      }
    }
    const watch = new StallWatch(limitFor, (silentMs, limitMs) => subscriber.error(stallError(silentMs, limitMs)))
    return {
      next: (event) => {
        if (event.type === 'connecting' || event.type === 'waiting' || event.type === 'close') watch.stop()
        else if (event.type === 'open' || watch.isWatching) watch.activity()
        subscriber.next(event)
      },
      teardown: () => watch.stop(),
    }
  })
}
