import { after, throwLater } from './clock.ts'

// One long task delays another one by a frame or two. A task that is later than that waits behind a queue of tasks.
const LATE_FRAMES = 2

let framesWaited: number | undefined

/**
 * Whether tasks are queueing in the page, so that a deferred task would not run soon: a task that was deferred in an earlier
 * frame has not run yet. Call it once per frame.
 */
export function isTaskQueueBusy(): boolean {
  if (typeof MessageChannel !== 'function') return false
  if (framesWaited !== undefined) {
    framesWaited += 1
    return framesWaited > LATE_FRAMES
  }
  framesWaited = 0
  const { port1, port2 } = new MessageChannel()
  port2.onmessage = () => {
    framesWaited = undefined
    port2.close()
  }
  port1.postMessage(undefined)
  return false
}

// Hosts without animation frames get as many updates as a screen would show.
const FRAMELESS_MS = 16
// A hidden page gets no animation frames. Its title or badge may still be visible.
const HIDDEN_MS = 250

interface Due {
  run: (isOverloaded: boolean) => void
}

let due = new Set<Due>()
let cancelFlush: (() => void) | undefined

/**
 * Calls `run` once, in the next animation frame, or by timer if there are no frames. All callbacks of a frame run in one
 * task, so a UI library that listens to several stores renders once. `run` receives whether the page is overloaded, so that
 * work which it defers would not run soon. Returns a function that cancels the call.
 */
export function onNextFrame(run: (isOverloaded: boolean) => void): () => void {
  // An entry of its own, because the same function may be passed twice.
  const entry: Due = { run }
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

function flush(isOverloaded: boolean): void {
  cancelFlush = undefined
  const entries = due
  // Callbacks that are added from here on run in the next frame.
  due = new Set()
  for (const { run } of entries) {
    try {
      run(isOverloaded)
    } catch (error) {
      throwLater(error)
    }
  }
}

function scheduleFlush(): () => void {
  if (typeof requestAnimationFrame !== 'function') return after(FRAMELESS_MS, () => flush(false))
  // Whichever comes first: a page that is hidden after this call gets no frame.
  const frame = requestAnimationFrame(() => {
    cancelTimer()
    flush(isTaskQueueBusy())
  })
  const cancelTimer = after(HIDDEN_MS, () => {
    cancelAnimationFrame(frame)
    flush(false)
  })
  return () => {
    cancelAnimationFrame(frame)
    cancelTimer()
  }
}
