import type { MonoTypeOperatorFunction } from 'rxjs'
import { callNamed, callSync } from '../callback.ts'
import { WireError } from '../errors.ts'
import { onNextFrame } from '../platform/animation-frame.ts'
import { requireFunction, requireOneOf, requirePositive } from '../validate.ts'
import type { WireEvent, WireMessage } from '../wire.ts'
import { operate } from './operate.ts'

/** Options of {@link limitBurst}. */
export interface LimitBurstOptions<T> {
  /** How many messages may be emitted per animation frame. */
  readonly maxCount: number
  /**
   * What happens to the messages beyond `maxCount`.
   * - `'drop-oldest'`: drops the oldest, and emits the last `maxCount`. For logs that scroll out of view.
   * - `'drop-newest'`: drops the newest, and emits the first `maxCount`.
   * - `'conflate'`: of the messages with the same `conflateBy`, emits the last one, at the position of the first. If
   *   there are still too many, the oldest are dropped. For prices, of which only the last one counts.
   * - `'fail'`: fails the wire with kind `overflow`.
   */
  readonly overflow: 'drop-oldest' | 'drop-newest' | 'conflate' | 'fail'
  /** Returns the topic of a message, for `'conflate'`. Default: none. */
  readonly conflateBy?: ((message: T) => unknown) | undefined
  /** Called after each animation frame that dropped messages, with the total dropped on this wire. Default: none. */
  readonly onDrop?: ((dropped: number) => void) | undefined
}

/**
 * Limits the messages per animation frame, before they are folded or rendered. Messages are held back until the next
 * frame. Other events keep their position.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromWebSocket, json, limitBurst, messages } from 'rxwire'
 *
 * fromWebSocket('/prices', { decode: json<{ symbol: string; price: number }>() })
 *   .pipe(limitBurst({ maxCount: 500, overflow: 'conflate', conflateBy: ({ symbol }) => symbol }), messages())
 *   .subscribe(({ symbol, price }) => console.info(symbol, price))
 * ```
 */
export function limitBurst<T>(options: LimitBurstOptions<T>): MonoTypeOperatorFunction<WireEvent<T>> {
  requireLimitBurstOptions(options)
  const { maxCount, overflow, conflateBy, onDrop } = options

  return operate((subscriber) => {
    // By topic, or by the event itself if there is none. A Map keeps the position of an entry that is replaced.
    const held = new Map<unknown, WireMessage<T>>()
    let cancel: (() => void) | undefined
    let dropped = 0

    const hold = (event: WireMessage<T>) => {
      const topic = conflateBy === undefined ? event : callSync('limitBurst: conflateBy', () => conflateBy(event.data))
      const isNewTopic = !held.has(topic)
      if (!isNewTopic) dropped += 1
      if (isNewTopic && held.size >= maxCount) {
        if (overflow === 'fail')
          throw new WireError('overflow', `More than ${maxCount} messages were received within an animation frame.`)
        if (overflow === 'drop-newest') {
          dropped += 1
          return
        }
      }
      held.set(topic, event)
      // Drop in bulk: finding the first entry of a Map gets slower with every deleted entry before it.
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
      callNamed('limitBurst: onDrop', () => onDrop?.(dropped))
    }
    // An error that a callback throws fails the wire, also in an animation frame.
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
  if (maxCount === undefined) throw new TypeError('limitBurst: maxCount is required')
  if (overflow === undefined) throw new TypeError('limitBurst: overflow is required')
  requireOneOf('limitBurst: overflow', overflow, ['drop-oldest', 'drop-newest', 'conflate', 'fail'])
  requireFunction('limitBurst: conflateBy', conflateBy)
  requireFunction('limitBurst: onDrop', onDrop)
  if ((overflow === 'conflate') !== (conflateBy !== undefined)) {
    throw new TypeError("limitBurst: overflow 'conflate' and conflateBy must be given together")
  }
}
