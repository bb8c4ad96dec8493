// The longest delay that timers take: a longer one would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now()
}

/**
 * Calls `run` once, `delayMs` from now; the function that comes back cancels it. `run` is told how late it is by the
 * wall clock, which goes on while timers sleep.
 */
export function after(delayMs: number, run: (lateMs: number) => void): () => void {
  const dueMs = now() + delayMs
  let leftMs = delayMs
  const wait = () => {
    const stepMs = Math.min(leftMs, MAX_TIMER_MS)
    leftMs -= stepMs
    return setTimeout(() => {
      if (leftMs > 0) timer = wait()
      else run(now() - dueMs)
    }, stepMs)
  }
  let timer = wait()
  return () => clearTimeout(timer)
}

/** Throws where the page hears it, so that whoever is next in line is not kept waiting. */
export function throwLater(error: unknown): void {
  after(0, () => {
    throw error
  })
}
