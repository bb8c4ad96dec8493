import type { OperatorFunction } from 'rxjs'
import { onNextFrame } from '../platform/animation-frame.ts'
import { after } from '../platform/clock.ts'
import { requireOneOf, requirePositive } from '../validate.ts'
import type { WireEvent, WireMessage } from '../wire.ts'
import { operate } from './operate.ts'

/** Options of {@link batch}. */
export interface BatchOptions {
  /** When a batch is handed on: `'frame'` (the default) with the next frame, or after this many milliseconds. */
  readonly per?: 'frame' | number | undefined
  /** A batch of this many messages is handed on at once, so none is dropped and none waits unbounded. Default 10,000. */
  readonly maxCount?: number | undefined
}

/**
 * Collects the messages of a frame, or of a stretch of time, into one message with an array. Other events keep
 * their place: what came before one is handed on before it. The id is the last one among them.
 *
 * @throws TypeError if an option makes no sense.
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
        // The batch resumes where its last id says, also if a message without one came after it.
        last = event.id === undefined && last?.id !== undefined ? { ...event, id: last.id } : event
        if (collected.length >= maxCount) flush()
        else cancel ??= schedule(flush)
      },
      flush,
      teardown: () => cancel?.(),
    }
  })
}
