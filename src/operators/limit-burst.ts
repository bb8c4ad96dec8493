import type { MonoTypeOperatorFunction } from 'rxjs'
import { WireError } from '../errors.ts'
import { onNextFrame } from '../platform/animation-frame.ts'
import { requireFunction, requireOneOf, requirePositive } from '../validate.ts'
import type { WireEvent, WireMessage } from '../wire.ts'
import { operate } from './operate.ts'

/** Options of {@link limitBurst}. */
export interface LimitBurstOptions<T> {
  /** How many messages one frame may hand on. */
  readonly maxCount: number
  /**
   * What happens to the rest.
   * - `'drop-oldest'`: the last `maxCount` are handed on: right for what is shown and scrolls away
   * - `'drop-newest'`: the first `maxCount` are
   * - `'conflate'`: of those with the same `conflateBy` the last one, in the place of the first; what is still
   *   too many is dropped from the old end: right for prices, of which only the last counts
   * - `'fail'`: the wire fails with kind `overflow`
   */
  readonly overflow: 'drop-oldest' | 'drop-newest' | 'conflate' | 'fail'
  /** What a message is about, for `'conflate'`. */
  readonly conflateBy?: ((message: T) => unknown) | undefined
  /** Is told after each frame that dropped some, how many were dropped so far on this wire. */
  readonly onDrop?: ((dropped: number) => void) | undefined
}

/**
 * Bounds what a burst may hand on within one frame, before anything is folded or rendered. Messages are held
 * back until the next frame; other events keep their place.
 *
 * @throws TypeError if an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromWebSocket, limitBurst, messages } from 'rxwire'
 *
 * fromWebSocket<{ symbol: string; price: number }>('/prices', { decode: JSON.parse })
 *   .pipe(limitBurst({ maxCount: 500, overflow: 'conflate', conflateBy: ({ symbol }) => symbol }), messages())
 *   .subscribe(({ symbol, price }) => console.info(symbol, price))
 * ```
 */
export function limitBurst<T>(options: LimitBurstOptions<T>): MonoTypeOperatorFunction<WireEvent<T>> {
  requireLimitBurstOptions(options)
  const { maxCount, overflow, conflateBy, onDrop } = options

  return operate((subscriber) => {
    // By what each is about, or else by itself. A Map keeps the place of what is replaced.
    const held = new Map<unknown, WireMessage<T>>()
    let cancel: (() => void) | undefined
    let dropped = 0

    const hold = (event: WireMessage<T>) => {
      const topic = conflateBy === undefined ? event : conflateBy(event.data)
      const isNewTopic = !held.has(topic)
      if (!isNewTopic) dropped += 1
      if (isNewTopic && held.size >= maxCount) {
        if (overflow === 'fail') throw new WireError('overflow', `More than ${maxCount} messages came within a frame.`)
        if (overflow === 'drop-newest') {
          dropped += 1
          return
        }
      }
      held.set(topic, event)
      // Not one by one: the front of a Map is found the more slowly the more was taken from it.
      if (held.size >= 2 * maxCount) dropOldest()
    }
    const dropOldest = () => {
      for (const topic of held.keys()) {
        if (held.size <= maxCount) return
        held.delete(topic)
        dropped += 1
      }
    }
    let reported = 0
    const flush = () => {
      cancel?.()
      cancel = undefined
      dropOldest()
      const events = [...held.values()]
      held.clear()
      for (const event of events) subscriber.next(event)
      if (dropped === reported) return
      reported = dropped
      onDrop?.(dropped)
    }
    // What a callback throws is the wire's error here, too.
    const flushInFrame = () => {
      try {
        flush()
      } catch (error) {
        subscriber.error(error)
      }
    }
    return {
      next: (event) => {
        if (event.type === 'message') {
          hold(event)
          cancel ??= onNextFrame(flushInFrame)
          return
        }
        flush()
        subscriber.next(event)
      },
      flush,
      teardown: () => cancel?.(),
    }
  })
}

function requireLimitBurstOptions<T>({ maxCount, overflow, conflateBy, onDrop }: LimitBurstOptions<T>): void {
  requirePositive('limitBurst: maxCount', maxCount)
  if (maxCount === undefined) throw new TypeError('limitBurst: maxCount must be given')
  if (overflow === undefined) throw new TypeError('limitBurst: overflow must be given')
  requireOneOf('limitBurst: overflow', overflow, ['drop-oldest', 'drop-newest', 'conflate', 'fail'])
  requireFunction('limitBurst: conflateBy', conflateBy)
  requireFunction('limitBurst: onDrop', onDrop)
  if ((overflow === 'conflate') !== (conflateBy !== undefined)) {
    throw new TypeError("limitBurst: overflow 'conflate' and conflateBy need each other")
  }
}
