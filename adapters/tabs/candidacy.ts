import type { TabPlatform } from './platform.ts'

/** The wait of a tab for the lock, and its hold. */
export class Candidacy {
  readonly #tab: TabPlatform
  readonly #name: string
  readonly #onHold: () => void
  readonly #onRefused: () => void
  #current: AbortController | undefined
  #release: (() => void) | undefined

  /**
   * @param onHold This tab holds the lock.
   * @param onRefused This page may not use locks, for example in a sandbox.
   */
  constructor(tab: TabPlatform, name: string, onHold: () => void, onRefused: () => void) {
    this.#tab = tab
    this.#name = name
    this.#onHold = onHold
    this.#onRefused = onRefused
  }

  /** Aborted when the wait or the hold ends; `undefined` before the first wait. */
  get signal(): AbortSignal | undefined {
    return this.#current?.signal
  }

  /** Waits behind all other tabs, without a time limit. Releases the lock if this tab holds it. */
  queue(): void {
    this.stop()
    const current = new AbortController()
    this.#current = current
    const hold = () =>
      new Promise<void>((release) => {
        // It may be granted after this tab has left.
        if (current.signal.aborted) release()
        else {
          this.#release = release
          this.#onHold()
        }
      })
    this.#tab.lock(this.#name, current.signal, hold).catch(() => {
      if (!current.signal.aborted) this.#onRefused()
    })
  }

  stop(): void {
    this.#current?.abort()
    this.#release?.()
  }
}
