import type { MonoTypeOperatorFunction } from 'rxjs'
import { WireError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { isSleep } from '../platform/sleep.ts'
import { requirePositive } from '../validate.ts'
import type { WireEvent } from '../wire.ts'
import { operate } from './operate.ts'

/**
 * Fails a wire that is open but silent: `WireError` of kind `timeout`, retryable. Every event is a sign of
 * life, heartbeats and progress included. The time before `open` is not watched. After a sleep of the machine the
 * limit begins anew.
 *
 * @param limit The longest silence in milliseconds, or a function that sets it anew from the longest silence
 *   that this connection has survived so far; `Infinity` does not watch.
 * @throws TypeError if the limit is not above 0.
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
  const limitFor = typeof limit === 'function' ? limit : () => limit
  return operate((subscriber) => {
    // `undefined` while the connection is not open.
    let lastSignMs: number | undefined
    let longestGapMs = 0
    let cancel: (() => void) | undefined

    // One timer that looks at the clock when it fires, instead of one that is set anew for each message. The
    // clock also tells the truth after a sleep.
    const watch = (lateMs = 0) => {
      cancel = undefined
      const limitMs = limitFor(longestGapMs)
      if (limitMs === Number.POSITIVE_INFINITY || lastSignMs === undefined) return
      // A clock that was set back has seen nothing yet, nor has who slept: a sign may lie behind this very call.
      lastSignMs = isSleep(lateMs) ? now() : Math.min(lastSignMs, now())
      const silentMs = now() - lastSignMs
      if (silentMs < limitMs) {
        cancel = after(limitMs - silentMs, watch)
        return
      }
      subscriber.error(
        new WireError('timeout', `The connection was silent for ${silentMs} ms; ${limitMs} ms are allowed.`, {
          retryable: true,
        }),
      )
    }
    const stop = () => {
      cancel?.()
      cancel = undefined
      lastSignMs = undefined
      longestGapMs = 0
    }
    return {
      next: (event) => {
        if (event.type === 'connecting' || event.type === 'waiting' || event.type === 'close') stop()
        else if (event.type === 'open' || lastSignMs !== undefined) {
          const nowMs = now()
          const gapMs = nowMs - (lastSignMs ?? nowMs)
          // A silence beyond the limit that nobody ended was a sleep, and teaches nothing.
          if (gapMs > longestGapMs && gapMs <= limitFor(longestGapMs)) longestGapMs = gapMs
          lastSignMs = nowMs
          if (cancel === undefined) watch()
        }
        subscriber.next(event)
      },
      teardown: stop,
    }
  })
}
