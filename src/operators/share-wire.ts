import { concat, defer, from, type MonoTypeOperatorFunction, share, tap } from 'rxjs'
import { elapsed } from '../platform/clock.ts'
import { requireNonNegative } from '../validate.ts'
import type { WireEvent } from '../wire.ts'

/** Options of {@link shareWire}. */
export interface ShareWireOptions {
  /** How long the connection stays open after its last subscriber, in milliseconds. Default 0: it closes at once. */
  readonly lingerMs?: number | undefined
}

/**
 * Shares one connection between all subscribers. A late subscriber receives the state of the connection (its last
 * `connecting`, `open` or `waiting`), then the same events as the others. Messages are not replayed: to share received
 * data, share a state (`wireStore`, or `foldWire` and RxJS's `shareReplay`).
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
    const reset = () => {
      current = []
    }
    const shared = source.pipe(
      tap({
        next: (event) => {
          if (event.type === 'connecting') current = [event]
          else if (event.type === 'open') current.push(event)
          else if (event.type === 'waiting') current = [...current.filter(({ type }) => type === 'connecting'), event]
        },
        // Reset before the subscribers receive the end, because one may subscribe again at that moment.
        error: reset,
        complete: reset,
        unsubscribe: reset,
      }),
      share({ resetOnRefCountZero: lingerMs > 0 ? () => elapsed(lingerMs) : true }),
    )
    return defer(() => concat(from(current), shared))
  }
}
