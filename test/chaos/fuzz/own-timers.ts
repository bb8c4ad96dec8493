import type { Later } from './leaves.ts'

/** The timers of a test, which are not those of the wires. */
export class OwnTimers {
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()

  get size(): number {
    return this.#timers.size
  }

  readonly later: Later = (ms, run) => {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
