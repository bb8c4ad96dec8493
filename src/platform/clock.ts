// The longest delay that timers take: a longer one would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now()
}

/** Calls `run` once, `delayMs` from now; the function that comes back cancels it. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(delayMs, MAX_TIMER_MS))
  return () => clearTimeout(timer)
}

/** Throws where the page hears it, so that whoever is next in line is not kept waiting. */
export function throwLater(error: unknown): void {
  after(0, () => {
    throw error
  })
}
