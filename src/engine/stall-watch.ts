import { after, now } from '../platform/clock.ts'
import { isSleep } from '../platform/page-lifecycle.ts'

/** The longest silence in milliseconds, `Infinity` for none; or what sets it anew from the longest that was survived. */
export type StallLimit = number | ((longestGapMs: number) => number)

/**
 * Tells when there was no sign of life for too long. There is one timer that looks at the clock when it fires, not one
 * that is set anew with each sign: signs come by the thousand, and the clock also tells the truth after a sleep.
 */
export class StallWatch {
  readonly #limitFor: (longestGapMs: number) => number
  readonly #onTooLong: (silentMs: number, limitMs: number) => void
  readonly #signal: AbortSignal | undefined
  /** `undefined` while nobody waits for a sign. */
  #lastActivityMs: number | undefined
  #longestGapMs = 0
  /** What the present silence may last, as it was when that was looked at. */
  #limitMs = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined

  /**
   * Nothing is watched before the first sign.
   *
   * @param signal Ends the watch for good.
   */
  constructor(limit: StallLimit, onTooLong: (silentMs: number, limitMs: number) => void, signal?: AbortSignal) {
    this.#limitFor = typeof limit === 'function' ? limit : () => limit
    this.#onTooLong = onTooLong
    this.#signal = signal
    signal?.addEventListener('abort', () => this.stop(), { once: true })
  }

  get isWatching(): boolean {
    return this.#lastActivityMs !== undefined
  }

  activity(): void {
    if (this.#signal?.aborted) return
    const nowMs = now()
    const gapMs = nowMs - (this.#lastActivityMs ?? nowMs)
    // A silence beyond the limit that nobody ended was a sleep, and teaches nothing.
    if (gapMs > this.#longestGapMs && gapMs <= this.#limitMs) this.#longestGapMs = gapMs
    this.#lastActivityMs = nowMs
    if (this.#cancel === undefined) this.#watch(nowMs)
  }

  /** Until the next sign it is not the other side who keeps silent. */
  pause(): void {
    this.#lastActivityMs = undefined
  }

  /** Forgets what was: the next sign is the first one. */
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
    if (silentMs < limitMs) this.#cancel = after(limitMs - silentMs, (lateMs) => this.#look(lateMs))
    else this.#onTooLong(silentMs, limitMs)
  }

  #look(lateMs: number): void {
    this.#cancel = undefined
    const nowMs = now()
    // A clock that was set back has seen nothing yet, nor has who slept: a sign may lie behind this very call.
    if (this.#lastActivityMs !== undefined)
      this.#lastActivityMs = isSleep(lateMs) ? nowMs : Math.min(this.#lastActivityMs, nowMs)
    this.#watch(nowMs)
  }
}
