import { after } from './clock.ts'

// Hosts without frames get about as many updates as a screen would show.
const FRAMELESS_MS = 16
// A hidden page gets no frames at all. What it shows is read by nobody, but its title or its badge may be.
const HIDDEN_MS = 250

/** Calls `run` once, with the next frame; by timer where frames do not come. Returns the cancel function. */
export function onNextFrame(run: () => void): () => void {
  if (typeof requestAnimationFrame !== 'function') return after(FRAMELESS_MS, run)
  // Both at once, first come first served: a page that is hidden after this call never gets its frame.
  const frame = requestAnimationFrame(() => {
    cancelTimer()
    run()
  })
  const cancelTimer = after(HIDDEN_MS, () => {
    cancelAnimationFrame(frame)
    run()
  })
  return () => {
    cancelAnimationFrame(frame)
    cancelTimer()
  }
}
