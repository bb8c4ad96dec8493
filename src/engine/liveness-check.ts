import { after } from '../platform/clock.ts'

/** Whoever sends at all has done so by then, or his connection is gone. */
export const SILENCE_LIMIT_MS = 10_000

/**
 * Whether a connection that should be there still is, as after a sleep. It ends with the first sign of life; a failure
 * before that is nobody's fault.
 */
export class LivenessCheck {
  readonly #onSilence: () => void
  #isRunning = false
  #cancel: (() => void) | undefined

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** @param probe Asks for a sign of life, and fails by itself if there is none. Without it, silence is timed here. */
  start(probe?: () => void): void {
    this.#isRunning = true
    if (probe !== undefined) probe()
    else this.#cancel ??= after(SILENCE_LIMIT_MS, this.#onSilence)
  }

  clear(): void {
    this.#isRunning = false
    this.#cancel?.()
    this.#cancel = undefined
  }
}
