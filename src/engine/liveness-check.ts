import { after } from '../platform/clock.ts'

/** How long a connection may stay silent after a wake-up before it is replaced. */
export const SILENCE_LIMIT_MS = 10_000

/**
 * Checks whether a connection survived a sleep or a freeze. Any event ends the check. While it runs, a failure is not
 * counted against the retry policy: the machine slept, the server did nothing wrong.
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

  /**
   * Starts the check, or joins the one that runs.
   *
   * @param probe Sends something that the server must respond to (a WebSocket ping) and fails the attempt if it does
   *   not. Without a probe, the check waits for any event until {@link SILENCE_LIMIT_MS}.
   */
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
