import type { Attempt } from '../attempt.ts'
import { WireError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { isSleep } from '../platform/page-lifecycle.ts'

/** The silence limit in milliseconds (`Infinity` for none), or a function of the longest silence so far. */
export type StallLimit = number | ((longestGapMs: number) => number)

/**
 * Reports when a connection has been silent for too long. One timer compares the clock with the last activity when it
 * fires. Resetting a timer on every activity would cost too much, and a timer alone would be wrong after a sleep.
 */
export class StallWatch {
  readonly #limitFor: (longestGapMs: number) => number
  readonly #onStall: (silentMs: number, limitMs: number) => void
  readonly #signal: AbortSignal | undefined
  /** `undefined` while nothing is watched. */
  #lastActivityMs: number | undefined
  #longestGapMs = 0
  /** The limit of the current silence, as of the last check. */
  #limitMs = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined

  /**
   * The watch starts with the first activity.
   *
   * @param signal Ends the watch for good.
   */
  constructor(limit: StallLimit, onStall: (silentMs: number, limitMs: number) => void, signal?: AbortSignal) {
    this.#limitFor = typeof limit === 'function' ? limit : () => limit
    this.#onStall = onStall
    this.#signal = signal
    signal?.addEventListener('abort', () => this.stop())
  }

  get isWatching(): boolean {
    return this.#lastActivityMs !== undefined
  }

  activity(): void {
    if (this.#signal?.aborted) return
    const nowMs = now()
    const gapMs = nowMs - (this.#lastActivityMs ?? nowMs)
    // A silence beyond the limit was a sleep. It says nothing about the server.
    if (gapMs > this.#longestGapMs && gapMs <= this.#limitMs) this.#longestGapMs = gapMs
    this.#lastActivityMs = nowMs
    if (this.#cancel === undefined) this.#watch(nowMs)
  }

  /** Pauses until the next activity, for example while the consumer is busy. */
  pause(): void {
    this.#lastActivityMs = undefined
  }

  /** Stops and resets the watch. The next activity starts it again. */
  stop(): void {
    this.pause()
    this.#longestGapMs = 0
    this.#limitMs = Number.POSITIVE_INFINITY
    this.#cancel?.()
    this.#cancel = undefined
  }

  #watch(nowMs: number): void {
    const limitMs = this.#limitFor(this.#longestGapMs)
    this.#limitMs = limitMs
    if (limitMs === Number.POSITIVE_INFINITY || this.#lastActivityMs === undefined) return
    const silentMs = nowMs - this.#lastActivityMs
    if (silentMs < limitMs) this.#cancel = after(limitMs - silentMs, (lateMs) => this.#check(lateMs))
    else this.#onStall(silentMs, limitMs)
  }

  #check(lateMs: number): void {
    this.#cancel = undefined
    const nowMs = now()
    // After a sleep, activity may be queued behind this call, so the silence starts again.
    if (this.#lastActivityMs !== undefined && isSleep(lateMs)) this.#lastActivityMs = nowMs
    this.#watch(nowMs)
  }
}

/** Returns the error of a connection that was silent for too long. */
export function stallError(silentMs: number, limitMs: number): WireError {
  const message = `The connection was silent for ${silentMs} ms. The limit is ${limitMs} ms.`
  return new WireError('timeout', message, { retryable: true })
}

/** Fails an attempt when it has been silent for too long. The watch ends with the attempt. */
export function watchForStall(attempt: Pick<Attempt<never>, 'signal' | 'fail'>, limit: StallLimit): StallWatch {
  return new StallWatch(limit, (silentMs, limitMs) => attempt.fail(stallError(silentMs, limitMs)), attempt.signal)
}
