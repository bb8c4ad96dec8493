import { after } from '../platform/clock.ts'

/** Says when nothing has happened for too long, while somebody waits for it. */
export class SilenceLimit {
  readonly #limitMs: number
  readonly #onSilence: () => void
  readonly #signal: AbortSignal
  #cancel: (() => void) | undefined

  /** @param signal Ends the watch. */
  constructor(limitMs: number | undefined, signal: AbortSignal, onSilence: () => void) {
    this.#limitMs = limitMs ?? Number.POSITIVE_INFINITY
    this.#onSilence = onSilence
    this.#signal = signal
    signal.addEventListener('abort', () => this.broken(), { once: true })
    this.begin()
  }

  begin(): void {
    if (this.#limitMs === Number.POSITIVE_INFINITY || this.#signal.aborted) return
    this.broken()
    this.#cancel = after(this.#limitMs, this.#onSilence)
  }

  broken(): void {
    this.#cancel?.()
  }
}
