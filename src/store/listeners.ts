import { throwLater } from '../platform/clock.ts'

/** Those who want to hear of changes. */
export class Listeners<A extends readonly unknown[] = []> {
  readonly #entries = new Set<(...news: A) => void>()

  get size(): number {
    return this.#entries.size
  }

  /** Returns what takes the listener away again, and says whether it was still there. */
  add(listener: (...news: A) => void): () => boolean {
    // Not the listener itself: it may be given twice, and each subscription ends by itself.
    const entry = (...news: A) => listener(...news)
    this.#entries.add(entry)
    return () => this.#entries.delete(entry)
  }

  /** Tells those of now: a listener may leave, come, or throw, and the others hear of it all the same. */
  tell(...news: A): void {
    for (const entry of [...this.#entries]) {
      try {
        if (this.#entries.has(entry)) entry(...news)
      } catch (error) {
        throwLater(error)
      }
    }
  }
}
