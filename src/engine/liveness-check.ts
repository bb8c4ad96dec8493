import { after } from '../platform/clock.ts'

/** Whoever sends at all has done so by then, or his connection is gone. */
export const PROBE_MS = 10_000

/**
 * Whether a connection that should be there still is, as after a sleep. It ends with the first sign of life; a failure
 * before that is nobody's fault.
 */
export class Doubt {
  readonly #onSilence: () => void
  #isRaised = false
  #cancel: (() => void) | undefined

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence
  }

  get isRaised(): boolean {
    return this.#isRaised
  }

  /** @param probe Asks for a sign of life, and fails by itself if there is none. Without it, silence is timed here. */
  raise(probe?: () => void): void {
    this.#isRaised = true
    if (probe !== undefined) probe()
    else this.#cancel ??= after(PROBE_MS, this.#onSilence)
  }

  lift(): void {
    this.#isRaised = false
    this.#cancel?.()
    this.#cancel = undefined
  }
}
