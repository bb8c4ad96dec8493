import { after, now } from '../../platform/clock.ts'

/** What a heartbeat needs of a connection. */
export interface Pulse {
  readonly everyMs: number
  readonly timeoutMs: number
  ping(): void
  /** Whether a backlog has become smaller since this was asked last: the answer must wait for it. */
  hasDrained(): boolean
  onSilence(): void
}

/**
 * Two timers: one sends pings, so that nobody on the way takes the connection for idle; the other one waits for
 * a sign of life after a ping. Nothing happens per message but a note that there was one.
 */
export class Heartbeat {
  readonly #pulse: Pulse
  #cancelPing: () => void
  #cancelWatch: (() => void) | undefined
  /** By when there must be a sign of life; `undefined` while none is owed. */
  #dueMs: number | undefined
  #hasAskedTwice = false

  constructor(pulse: Pulse) {
    this.#pulse = pulse
    this.#cancelPing = after(pulse.everyMs, () => this.#beat())
  }

  alive(): void {
    this.#dueMs = undefined
  }

  /** Pings now. What was owed before is forgotten: its answer may be lost, and this one is what counts. */
  probe(): void {
    this.#dueMs = undefined
    this.#cancelPing()
    this.#beat()
  }

  stop(): void {
    this.#cancelPing()
    this.#cancelWatch?.()
  }

  #beat(): void {
    this.#cancelPing = after(this.#pulse.everyMs, () => this.#beat())
    if (this.#dueMs === undefined) {
      this.#hasAskedTwice = false
      this.#expect()
    }
    this.#pulse.ping()
  }

  #expect(): void {
    // What left before now says nothing of what comes.
    this.#pulse.hasDrained()
    this.#dueMs = now() + this.#pulse.timeoutMs
    if (this.#cancelWatch === undefined) this.#watch(this.#pulse.timeoutMs)
  }

  #watch(delayMs: number): void {
    this.#cancelWatch = after(delayMs, () => {
      this.#cancelWatch = undefined
      this.#look()
    })
  }

  #look(): void {
    if (this.#dueMs === undefined) return
    const { timeoutMs } = this.#pulse
    // More than was given in the first place: the clock was set back.
    this.#dueMs = Math.min(this.#dueMs, now() + timeoutMs)
    const lateMs = now() - this.#dueMs
    if (lateMs < 0) {
      this.#watch(-lateMs)
    } else if (this.#pulse.hasDrained()) {
      this.#expect()
    } else if (lateMs > timeoutMs && !this.#hasAskedTwice) {
      // A timer this late has slept, and so has the answer: it may lie behind this very call.
      this.#hasAskedTwice = true
      this.#expect()
      this.#pulse.ping()
    } else {
      this.#pulse.onSilence()
    }
  }
}
