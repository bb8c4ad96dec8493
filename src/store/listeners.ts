import { throwLater } from '../platform/clock.ts'

/** A set of listeners. */
export class Listeners<A extends readonly unknown[] = []> {
  readonly #entries = new Set<(...args: A) => void>()

  get size(): number {
    return this.#entries.size
  }

  /** Returns a function that removes the listener and returns whether it was still there. */
  add(listener: (...args: A) => void): () => boolean {
    // An entry of its own, because the same listener may be added twice and removed once.
    const entry = (...args: A) => listener(...args)
    this.#entries.add(entry)
    return () => this.#entries.delete(entry)
  }

  /** Calls the current listeners. A listener may remove or add listeners, or throw, without affecting the others. */
  notify(...args: A): void {
    for (const entry of [...this.#entries]) {
      try {
        if (this.#entries.has(entry)) entry(...args)
      } catch (error) {
        throwLater(error)
      }
    }
  }
}
