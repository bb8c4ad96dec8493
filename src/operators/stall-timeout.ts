import type { MonoTypeOperatorFunction } from 'rxjs'
import { StallWatch } from '../engine/stall-watch.ts'
import { WireError } from '../errors.ts'
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
  return operate((subscriber) => {
    const watch = new StallWatch(limit, (silentMs, limitMs) => subscriber.error(stallError(silentMs, limitMs)))
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

/** Why a connection that is silent for too long is replaced. */
export function stallError(silentMs: number, limitMs: number): WireError {
  const message = `The connection was silent for ${silentMs} ms; ${limitMs} ms are allowed.`
  return new WireError('timeout', message, { retryable: true })
}
