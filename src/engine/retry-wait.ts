import { after, now } from '../platform/clock.ts'
import { isHidden, isOffline, isPrerendering } from '../platform/page-lifecycle.ts'
import { type DelayWindow, delayWithin } from '../policy/backoff.ts'
import type { ReconnectRules } from '../policy/reconnect-rules.ts'
import type { ParkReason, WireWaiting } from '../wire.ts'

type WaitCause = WireWaiting['cause']

/** After a wake-up, or with fresh credentials: prompt, with enough jitter to spread the clients of a server. */
export const PROMPT_RETRY: DelayWindow = { floorMs: 0, spanMs: 300 }
// Some hosts report that they are offline forever, so a paused wait ends after a minute.
const PAUSED_RETRY: DelayWindow = { floorMs: 60_000, spanMs: 15_000 }

/**
 * The wait between two attempts. It is paused while the host is offline or the page hidden, and cut short afterwards.
 */
export class RetryWait {
  readonly #rules: ReconnectRules
  readonly #onStart: (delayMs: number, cause: WaitCause) => void
  readonly #onEnd: () => void

  #cancel: (() => void) | undefined
  #cause: WaitCause | undefined
  #endsAtMs = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY

  constructor(rules: ReconnectRules, onStart: (delayMs: number, cause: WaitCause) => void, onEnd: () => void) {
    this.#rules = rules
    this.#onStart = onStart
    this.#onEnd = onEnd
  }

  get isRunning(): boolean {
    return this.#cancel !== undefined
  }

  /**
   * Waits within the window, or pauses at once if there is a reason to.
   *
   * @param serverFloorMs The delay that the server asked for. It holds even if this wait is cut short or paused.
   */
  start(window: DelayWindow, cause: WaitCause, serverFloorMs: number): void {
    const nowMs = now()
    this.#notBeforeMs = nowMs + serverFloorMs
    const reason = this.#parkReason()
    if (reason === undefined) this.#run(window, cause, nowMs)
    else this.#run(PAUSED_RETRY, reason, nowMs)
  }

  pause(reason: ParkReason): void {
    this.#run(PAUSED_RETRY, reason, now())
  }

  /** Pauses the wait, or ends it soon, after the host has signalled a change. */
  reconsider(mayRetryNow: boolean, cause: WaitCause): void {
    const reason = this.#parkReason()
    if (reason !== undefined && reason !== this.#cause) this.pause(reason)
    else if (reason === undefined && mayRetryNow && !this.#endsSoon()) this.#run(PROMPT_RETRY, cause, now())
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #run(window: DelayWindow, cause: WaitCause, nowMs: number): void {
    this.cancel()
    // A rotation is no herd: each server ends its responses when it likes.
    const minJitterMs = cause === 'rotated' ? 0 : undefined
    const delayMs = delayWithin(window, Math.max(0, this.#notBeforeMs - nowMs), this.#rules.random, minJitterMs)
    if (Number.isNaN(delayMs)) return
    this.#cause = cause
    this.#endsAtMs = nowMs + delayMs
    // Start the timer before emitting: a subscriber may reconnect or unsubscribe on `waiting`, which must cancel it.
    this.#cancel = after(delayMs, () => this.#timeout())
    this.#onStart(delayMs, cause)
  }

  #timeout(): void {
    const reason = this.#parkReason()
    // `navigator.onLine` may be wrong, so an offline wait ends with an attempt. `visibilityState` is reliable, so a
    // hidden page waits again.
    if (reason === undefined || (reason === 'offline' && this.#cause === 'offline')) this.#onEnd()
    else this.pause(reason)
  }

  /** An overdue wait does not end soon: its timer was suspended, and still has the rest of its delay to run. */
  #endsSoon(): boolean {
    const leftMs = this.#endsAtMs - now()
    return leftMs >= 0 && leftMs <= PROMPT_RETRY.spanMs
  }

  #parkReason(): ParkReason | undefined {
    if (isPrerendering()) return 'prerendering'
    if (isOffline()) return 'offline'
    return this.#rules.whileHidden === 'wait' && isHidden() ? 'hidden' : undefined
  }
}
