// The longest delay that `setTimeout` supports. A longer one fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now()
}

/**
 * Calls `run` once, after `delayMs`. Returns a function that cancels it. `run` receives how late it is by the wall
 * clock, which continues while timers are suspended.
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

/** Reports an error as an uncaught one, without interrupting the caller. */
export function throwLater(error: unknown): void {
  after(0, () => {
    throw error
  })
}
