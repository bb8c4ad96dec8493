import { after, now } from '../../platform/clock.ts'

/** The connection that a heartbeat watches. */
export interface HeartbeatTarget {
  readonly everyMs: number
  readonly timeoutMs: number
  ping(): void
  /** Whether the send buffer has drained since the last call. The ping may still be behind other frames in it. */
  hasDrained(): boolean
  onSilence(): void
}

/**
 * Sends pings, so that no proxy considers the connection idle, and checks for activity after each ping. It has two
 * timers. A message restarts neither of them: it only clears a field.
 */
export class Heartbeat {
  readonly #target: HeartbeatTarget
  #cancelPing: () => void
  #cancelWatch: (() => void) | undefined
  /** When there must have been activity; `undefined` while none is expected. */
  #deadlineMs: number | undefined
  #hasRepeatedPing = false

  constructor(target: HeartbeatTarget) {
    this.#target = target
    this.#cancelPing = after(target.everyMs, () => this.#sendPing())
  }

  alive(): void {
    this.#deadlineMs = undefined
  }

  /** Pings now and forgets earlier pings, whose responses may be lost. */
  probe(): void {
    this.#deadlineMs = undefined
    this.#cancelPing()
    this.#sendPing()
  }

  stop(): void {
    this.#cancelPing()
    this.#cancelWatch?.()
  }

  #sendPing(): void {
    this.#cancelPing = after(this.#target.everyMs, () => this.#sendPing())
    if (this.#deadlineMs === undefined) {
      this.#hasRepeatedPing = false
      this.#expectActivity()
    }
    this.#target.ping()
  }

  #expectActivity(): void {
    // Bytes that drained earlier do not count.
    this.#target.hasDrained()
    this.#deadlineMs = now() + this.#target.timeoutMs
    if (this.#cancelWatch === undefined) this.#watch(this.#target.timeoutMs)
  }

  #watch(delayMs: number): void {
    this.#cancelWatch = after(delayMs, (lateMs) => {
      this.#cancelWatch = undefined
      this.#check(lateMs)
    })
  }

  /** @param sleptMs How late the timer is by the wall clock. */
  #check(sleptMs: number): void {
    if (this.#deadlineMs === undefined) return
    const { timeoutMs } = this.#target
    const lateMs = now() - this.#deadlineMs
    if (lateMs < 0) {
      this.#watch(-lateMs)
    } else if (this.#target.hasDrained()) {
      this.#expectActivity()
    } else if (Math.max(lateMs, sleptMs) > timeoutMs && !this.#hasRepeatedPing) {
      // A timer this late has slept. The response may be queued behind this call.
      this.#hasRepeatedPing = true
      this.#expectActivity()
      this.#target.ping()
    } else {
      this.#target.onSilence()
    }
  }
}
