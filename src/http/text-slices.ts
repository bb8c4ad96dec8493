import { TaskBudget } from '../platform/task-budget.ts'

const MAX_LENGTH = 8 * 1024
const MIN_LENGTH = 256
const SLOW_MS = 5

/**
 * Passes text on in slices, with turns for the page between them. A piece of a body may hold thousands of messages, and
 * handling them at once would block the page. The clock is read once per slice: reading it per message would cost more
 * than delivering one.
 */
export class TextSlices {
  readonly #signal: AbortSignal
  readonly #onSlice: (slice: string) => void
  readonly #ready: () => Promise<void> | undefined
  readonly #budget = new TaskBudget()
  #length = MAX_LENGTH
  #waiting: Promise<void> | undefined

  /**
   * @param signal Aborting it drops the rest of the text.
   * @param ready Returns a promise while the consumer has no room. Asked after each slice.
   */
  constructor(signal: AbortSignal, onSlice: (slice: string) => void, ready: () => Promise<void> | undefined) {
    this.#signal = signal
    this.#onSlice = onSlice
    this.#ready = ready
  }

  /** Returns a promise if there is a rest. Push no other text until it resolves. */
  push(text: string): Promise<void> | undefined {
    this.#budget.start()
    const end = this.#run(text, 0)
    return end < text.length || this.#waiting !== undefined ? this.#continue(text, end) : undefined
  }

  /** Passes on slices until the budget is spent or the consumer has no room. Returns where it stopped. */
  #run(text: string, from: number): number {
    let at = from
    while (at < text.length) {
      const end = at + this.#length
      this.#onSlice(at === 0 && end >= text.length ? text : text.slice(at, end))
      at = end
      this.#adapt(this.#budget.spend())
      this.#waiting = this.#ready()
      if (this.#waiting !== undefined || this.#budget.isSpent) break
    }
    return at
  }

  async #continue(text: string, from: number): Promise<void> {
    let at = from
    for (;;) {
      if (this.#waiting !== undefined) await this.#waiting
      this.#waiting = undefined
      if (at >= text.length || this.#signal.aborted) return
      if (this.#budget.isSpent) await this.#budget.renew()
      else this.#budget.start()
      if (this.#signal.aborted) return
      at = this.#run(text, at)
    }
  }

  #adapt(tookMs: number): void {
    if (tookMs > SLOW_MS) this.#length = Math.max(MIN_LENGTH, this.#length / 2)
    else if (tookMs < SLOW_MS / 4) this.#length = Math.min(MAX_LENGTH, this.#length * 2)
  }
}
