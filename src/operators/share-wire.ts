import { concat, defer, from, type MonoTypeOperatorFunction, share, tap, timer } from 'rxjs'
import { requireNonNegative } from '../validate.ts'
import type { WireEvent } from '../wire.ts'

/** Options of {@link shareWire}. */
export interface ShareWireOptions {
  /** How long the connection outlives its last subscriber, in milliseconds. Default 0: it does not. */
  readonly lingerMs?: number | undefined
}

/**
 * Makes all subscribers share one connection. One who comes late is told how the connection is (its last
 * `connecting`, `open` or `waiting`), then hears what the others hear. Messages are not replayed: to share what
 * has arrived, share a state (`wireStore`, or `foldWire` and RxJS's `shareReplay`).
 *
 * @throws TypeError if `lingerMs` is negative.
 *
 * @example
 * ```ts
 * import { fromEventSource, shareWire } from 'rxwire'
 *
 * const feed = fromEventSource('/feed').pipe(shareWire({ lingerMs: 5_000 }))
 * ```
 */
export function shareWire<T>(options: ShareWireOptions = {}): MonoTypeOperatorFunction<WireEvent<T>> {
  const { lingerMs = 0 } = options
  requireNonNegative('shareWire: lingerMs', lingerMs)
  return (source) => {
    let current: WireEvent<T>[] = []
    const forget = () => {
      current = []
    }
    const shared = source.pipe(
      tap({
        next: (event) => {
          if (event.type === 'connecting') current = [event]
          else if (event.type === 'open') current.push(event)
          else if (event.type === 'waiting') current = [...current.filter(({ type }) => type === 'connecting'), event]
        },
        // Before the subscribers hear of the end: one may subscribe again right then.
        error: forget,
        complete: forget,
        unsubscribe: forget,
      }),
      share({ resetOnRefCountZero: lingerMs > 0 ? () => timer(lingerMs) : true }),
    )
    return defer(() => concat(from(current), shared))
  }
}
