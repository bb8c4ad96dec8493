import type { OperatorFunction } from 'rxjs'
import { after, now } from '../platform/clock.ts'
import type { WireEvent, WireProgress } from '../wire.ts'
import { operate } from './operate.ts'

/** The progress of a transfer. */
export interface Progress {
  readonly direction: WireProgress['direction']
  /** Bytes transferred so far. */
  readonly loaded: number
  /** Total number of bytes; `undefined` if it is not known. */
  readonly total: number | undefined
  /** Bytes that the server has confirmed; `undefined` if it does not confirm any. */
  readonly acknowledged: number | undefined
  /** From 0 to 1, never decreasing; 1 for an empty transfer that is complete; `undefined` without a total. */
  readonly fraction: number | undefined
  /** Bytes per second, smoothed; `undefined` in the first second. */
  readonly bytesPerSecond: number | undefined
  /** Estimated time left in milliseconds; `undefined` without a rate or a total. */
  readonly etaMs: number | undefined
  /** Whether an incomplete transfer has made no progress for three seconds. */
  readonly stalled: boolean
}

// Faster updates are not readable.
const EMIT_INTERVAL_MS = 100
// Half of the weight is on the last two seconds. The rate is steady enough to read, and still drops in a stall.
const HALF_LIFE_MS = 2_000
// A rate over a shorter time varies too much to show.
const RATE_AFTER_MS = 1_000
const STALLED_AFTER_MS = 3_000

/**
 * Emits the progress of a transfer with its rate and the time left: at most ten values per second, always the last one,
 * and one more when the transfer stalls.
 *
 * @example
 * ```ts
 * import { progress, type Wire } from 'rxwire'
 *
 * declare const upload: Wire<string>
 *
 * upload.pipe(progress()).subscribe(({ fraction = 0 }) => console.info(`${Math.round(fraction * 100)} %`))
 * ```
 */
export function progress<T>(): OperatorFunction<WireEvent<T>, Progress> {
  return operate((subscriber) => {
    let meter: ProgressMeter | undefined
    let lastLoaded: number | undefined
    let emittedAtMs = Number.NEGATIVE_INFINITY
    let pending: Progress | undefined
    let cancel: (() => void) | undefined
    let cancelStall: (() => void) | undefined

    const watchForStall = (value: Progress) => {
      cancelStall?.()
      if (value.loaded === value.total) return
      cancelStall = after(STALLED_AFTER_MS, () => {
        pending = { ...value, bytesPerSecond: undefined, etaMs: undefined, stalled: true }
        flush()
      })
    }
    const flush = () => {
      cancel?.()
      cancel = undefined
      if (pending === undefined) return
      emittedAtMs = now()
      const value = pending
      pending = undefined
      subscriber.next(value)
    }
    return {
      next: (event) => {
        if (event.type === 'message') return
        if (event.type === 'connecting') meter = undefined
        // Emit the last value of a transfer before the connection changes.
        if (event.type !== 'progress') {
          cancelStall?.()
          flush()
          return
        }
        if (meter?.direction !== event.direction) {
          flush()
          meter = new ProgressMeter(event.direction)
          lastLoaded = undefined
        }
        const value = meter.read(event, now())
        if (value.loaded !== lastLoaded) watchForStall(value)
        lastLoaded = value.loaded
        pending = value
        const dueMs = emittedAtMs + EMIT_INTERVAL_MS - now()
        if (dueMs <= 0) flush()
        else cancel ??= after(dueMs, flush)
      },
      flush,
      teardown: () => {
        cancel?.()
        cancelStall?.()
      },
    }
  })
}

/** Measures one transfer in one direction. */
class ProgressMeter {
  readonly direction: WireProgress['direction']
  #startedAtMs: number | undefined
  #lastAtMs = 0
  #lastLoaded = 0
  #fraction = 0
  // Exponentially weighted sums. Their quotient is the rate, from the first sample on.
  #bytes = 0
  #ms = 0

  constructor(direction: WireProgress['direction']) {
    this.direction = direction
  }

  read({ direction, loaded, total, acknowledged }: WireProgress, nowMs: number): Progress {
    if (this.#startedAtMs !== undefined) {
      const elapsedMs = nowMs - this.#lastAtMs
      const decay = 0.5 ** (elapsedMs / HALF_LIFE_MS)
      this.#bytes = this.#bytes * decay + Math.max(0, loaded - this.#lastLoaded)
      this.#ms = this.#ms * decay + elapsedMs
    }
    this.#startedAtMs ??= nowMs
    this.#lastAtMs = nowMs
    this.#lastLoaded = loaded

    const fraction = fractionOf(loaded, total)
    if (fraction !== undefined) this.#fraction = Math.max(this.#fraction, fraction)
    const isMeaningful = nowMs - this.#startedAtMs >= RATE_AFTER_MS
    const bytesPerSecond = isMeaningful ? (this.#bytes / this.#ms) * 1_000 : undefined
    const etaMs = total && bytesPerSecond ? (Math.max(0, total - loaded) / bytesPerSecond) * 1_000 : undefined
    return {
      direction,
      loaded,
      total,
      acknowledged,
      fraction: fraction === undefined ? undefined : this.#fraction,
      bytesPerSecond,
      etaMs,
      stalled: false,
    }
  }
}

function fractionOf(loaded: number, total: number | undefined): number | undefined {
  // An empty transfer is complete.
  if (loaded === total) return 1
  return total === undefined || total === 0 ? undefined : Math.min(1, loaded / total)
}
