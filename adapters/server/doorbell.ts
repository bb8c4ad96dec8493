import { after } from './timer.ts'

/** A wait for news. */
export interface Ring {
  /** Resolves at the next ring, or when the wait ends otherwise. */
  readonly rung: Promise<void>
  /** Ends the wait. */
  stop(): void
}

// At most so often a log wakes its readers while it changes all the time: a thousand readers that are woken for each
// item cost much more than the same readers for each page.
const PAUSE_MS = 5

/** Wakes the readers of a log. They look for news themselves, so a ring too many does no harm. */
export class Doorbell {
  readonly #waiting = new Map<string, Set<() => void>>()
  /** The logs whose bell pauses, and whether it was rung during the pause. */
  readonly #pausing = new Map<string, boolean>()

  /** The logs with waiting readers. */
  get names(): readonly string[] {
    return [...this.#waiting.keys()]
  }

  /** Waits for a ring, until the signal is aborted. */
  wait(name: string, signal: AbortSignal): Ring {
    const { promise: rung, resolve } = withResolvers()
    const waiting = this.#waiting.get(name) ?? new Set()
    this.#waiting.set(name, waiting)
    const stop = () => {
      signal.removeEventListener('abort', stop)
      waiting.delete(stop)
      if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name)
      resolve()
    }
    waiting.add(stop)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
    return { rung, stop }
  }

  /** Wakes the readers at once, or after the pause that follows the last time. */
  ring(name: string): void {
    if (this.#pausing.has(name)) this.#pausing.set(name, true)
    else if (this.#wake(name)) this.#pause(name)
  }

  ringAll(): void {
    for (const name of this.names) this.#wake(name)
  }

  /** Returns whether a reader was waiting. */
  #wake(name: string): boolean {
    const waiting = [...(this.#waiting.get(name) ?? [])]
    for (const stop of waiting) stop()
    return waiting.length > 0
  }

  /** The pause starts when the readers that were woken have read. */
  #pause(name: string): void {
    this.#pausing.set(name, false)
    after(0, () => {
      after(PAUSE_MS, () => {
        const isDue = this.#pausing.get(name)
        this.#pausing.delete(name)
        if (isDue === true) this.ring(name)
      })
    })
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
