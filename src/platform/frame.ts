import { after, now, throwLater } from './clock.ts'

// Hosts without frames get about as many updates as a screen would show.
const FRAMELESS_MS = 16
// A hidden page gets no frames at all. What it shows is read by nobody, but its title or its badge may be.
const HIDDEN_MS = 250

interface Due {
  run: (waitedMs: number) => void
  readonly askedAtMs: number
}

let due = new Set<Due>()
let cancelFlush: (() => void) | undefined

/**
 * Calls `run` once, with the next frame; by timer where frames do not come. All that is due in a frame runs in
 * one go: a UI library that listens to several stores renders once for all of them. `run` is told how long it has waited:
 * long waits are those of a page that is overloaded. Returns the cancel function.
 */
export function onNextFrame(run: (waitedMs: number) => void): () => void {
  // Not the function itself: it may be given twice.
  const entry: Due = { run, askedAtMs: now() }
  due.add(entry)
  cancelFlush ??= scheduleFlush()
  return () => {
    entry.run = () => {}
    if (due.delete(entry) && due.size === 0) {
      cancelFlush?.()
      cancelFlush = undefined
    }
  }
}

function flush(): void {
  cancelFlush = undefined
  const entries = due
  // What is asked for from here on is for the frame after this one.
  due = new Set()
  for (const { run, askedAtMs } of entries) {
    try {
      run(now() - askedAtMs)
    } catch (error) {
      throwLater(error)
    }
  }
}

function scheduleFlush(): () => void {
  if (typeof requestAnimationFrame !== 'function') return after(FRAMELESS_MS, flush)
  // Both at once, first come first served: a page that is hidden after this call never gets its frame.
  const frame = requestAnimationFrame(() => {
    cancelTimer()
    flush()
  })
  const cancelTimer = after(HIDDEN_MS, () => {
    cancelAnimationFrame(frame)
    flush()
  })
  return () => {
    cancelAnimationFrame(frame)
    cancelTimer()
  }
}
