import type { OperatorFunction } from 'rxjs'
import { onNextFrame } from '../platform/animation-frame.ts'
import { after } from '../platform/clock.ts'
import { requireOneOf, requirePositive } from '../validate.ts'
import type { WireEvent, WireMessage } from '../wire.ts'
import { operate } from './operate.ts'

/** Options of {@link batch}. */
export interface BatchOptions {
  /** When a batch is emitted: in the next animation frame (`'frame'`, the default), or after this many milliseconds. */
  readonly per?: 'frame' | number | undefined
  /**
   * A batch of this many messages is emitted at once, so that memory stays bounded and none is dropped. Default 10,000.
   */
  readonly maxCount?: number | undefined
}

/**
 * Collects the messages of an animation frame, or of a period of time, into one message with an array. Other events
 * keep their position: the messages before one are emitted before it. The id of a batch is the last id in it.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { batch, fromEventSource, messages } from 'rxwire'
 *
 * fromEventSource('/trades').pipe(batch({ per: 250 }), messages()).subscribe((trades) => console.info(trades.length))
 * ```
 */
export function batch<T>(options: BatchOptions = {}): OperatorFunction<WireEvent<T>, WireEvent<T[]>> {
  const { per = 'frame', maxCount = 10_000 } = options
  if (typeof per === 'number') requirePositive('batch: per', per)
  else requireOneOf('batch: per', per, ['frame'])
  requirePositive('batch: maxCount', maxCount)
  const schedule = (run: () => void) => (per === 'frame' ? onNextFrame(run) : after(per, run))

  return operate((subscriber) => {
    let collected: T[] = []
    let last: WireMessage<T> | undefined
    let cancel: (() => void) | undefined

    const flush = () => {
      cancel?.()
      cancel = undefined
      if (last === undefined) return
      const event: WireEvent<T[]> = { ...last, data: collected }
      collected = []
      last = undefined
      subscriber.next(event)
    }
    return {
      next: (event) => {
        if (event.type !== 'message') {
          flush()
          subscriber.next(event)
          return
        }
        collected.push(event.data)
        // The batch keeps its last id, even if a message without an id follows.
        last = event.id === undefined && last?.id !== undefined ? { ...event, id: last.id } : event
        if (collected.length >= maxCount) flush()
        else cancel ??= schedule(flush)
      },
      flush,
      teardown: () => cancel?.(),
    }
  })
}
