import type { WireError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { isHidden, isOffline } from '../platform/page-lifecycle.ts'
import { type DelayWindow, delayWithin } from '../policy/backoff.ts'
import type { ReconnectRules } from '../policy/retry-policy.ts'
import type { ParkReason } from '../wire.ts'

/** The network or the page is back, or fresh credentials are at hand: soon, but not all in the same instant. */
export const PROMPT_RETRY: DelayWindow = { floorMs: 0, spanMs: 300 }
// Hosts may claim to be offline for ever. Parked means a look once a minute.
const PAUSED_RETRY: DelayWindow = { floorMs: 60_000, spanMs: 15_000 }

/** The time between two attempts. It is parked while something speaks against one, and hurried when nothing does. */
export class Wait {
  readonly #rules: ReconnectRules
  readonly #onBegin: (delayMs: number, cause: WireError | ParkReason) => void
  readonly #onEnd: () => void

  #cancel: (() => void) | undefined
  #cause: WireError | ParkReason | undefined
  #endsAtMs = 0
  #notBeforeMs = 0

  constructor(
    rules: ReconnectRules,
    onBegin: (delayMs: number, cause: WireError | ParkReason) => void,
    onEnd: () => void,
  ) {
    this.#rules = rules
    this.#onBegin = onBegin
    this.#onEnd = onEnd
  }

  get isOn(): boolean {
    return this.#cancel !== undefined
  }

  /**
   * Waits within the window, or is parked at once if there is a reason.
   *
   * @param serverFloorMs Whatever becomes of this wait, the server is not troubled for so long.
   */
  begin(window: DelayWindow, cause: WireError, serverFloorMs: number): void {
    const nowMs = now()
    this.#notBeforeMs = nowMs + serverFloorMs
    const reason = this.#parkReason()
    if (reason === undefined) this.#run(window, cause, nowMs)
    else this.#run(PAUSED_RETRY, reason, nowMs)
  }

  park(reason: ParkReason): void {
    this.#run(PAUSED_RETRY, reason, now())
  }

  /** The host has changed its mind about something. */
  reconsider(mayRetryNow: boolean, cause: WireError | ParkReason): void {
    const reason = this.#parkReason()
    if (reason !== undefined && reason !== this.#cause) this.park(reason)
    else if (reason === undefined && mayRetryNow && !this.#endsSoon()) this.#run(PROMPT_RETRY, cause, now())
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #run(window: DelayWindow, cause: WireError | ParkReason, nowMs: number): void {
    this.cancel()
    const delayMs = delayWithin(window, Math.max(0, this.#notBeforeMs - nowMs), this.#rules.random)
    this.#cause = cause
    this.#endsAtMs = nowMs + delayMs
    // The timer first: whoever hears of the wait may hurry the engine or leave, and finds something to cancel.
    this.#cancel = after(delayMs, () => this.#over())
    this.#onBegin(delayMs, cause)
  }

  #over(): void {
    const reason = this.#parkReason()
    // What is said of the network is doubted once in a while; a page that is still hidden is hidden.
    if (reason === undefined || (reason === 'offline' && this.#cause === 'offline')) this.#onEnd()
    else this.park(reason)
  }

  /** What should have ended by the clock has a timer that slept, and sleeps on for what was left of it. */
  #endsSoon(): boolean {
    const leftMs = this.#endsAtMs - now()
    return leftMs >= 0 && leftMs <= PROMPT_RETRY.spanMs
  }

  /** What speaks against an attempt at this moment, by what the host says of itself. */
  #parkReason(): ParkReason | undefined {
    if (isOffline()) return 'offline'
    return this.#rules.whileHidden === 'wait' && isHidden() ? 'hidden' : undefined
  }
}
