/** A wait for news. */
export interface Ring {
  /** Resolves at the next ring, or when the wait ends otherwise. */
  readonly rung: Promise<void>
  /** Ends the wait. */
  stop(): void
}

/** Wakes the readers of a log. They look for news themselves, so a ring too many does no harm. */
export class Doorbell {
  readonly #waiting = new Map<string, Set<() => void>>()

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

  ring(name: string): void {
    for (const stop of [...(this.#waiting.get(name) ?? [])]) stop()
  }

  ringAll(): void {
    for (const name of this.names) this.ring(name)
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
