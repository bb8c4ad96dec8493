import { after, throwLater } from './clock.ts'

// A single long task delays a deferred task by a frame or two. A longer delay means that tasks are queueing.
const LATE_FRAMES = 2

let framesWaited: number | undefined

/**
 * Whether tasks are queueing in the page, so that a deferred task would not run soon: a task that was deferred in an
 * earlier frame has not run yet. Call it once per frame.
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

// For hosts without animation frames: the interval of a 60 Hz screen.
const FRAMELESS_MS = 16
// A hidden page gets no animation frames. Its title or badge may still be visible.
const HIDDEN_MS = 250

interface FrameCallback {
  run: (isOverloaded: boolean) => void
}

let scheduled = new Set<FrameCallback>()
let cancelFlush: (() => void) | undefined

/**
 * Calls `run` once, in the next animation frame, or by timer if there are no frames. All callbacks of a frame run in
 * one task, so a UI library that listens to several stores renders once. `run` receives whether the page is overloaded,
 * so that work which it defers would not run soon. Returns a function that cancels the call.
 */
export function onNextFrame(run: (isOverloaded: boolean) => void): () => void {
  // An entry of its own, because the same function may be passed twice.
  const entry: FrameCallback = { run }
  scheduled.add(entry)
  cancelFlush ??= scheduleFlush()
  return () => {
    entry.run = () => {}
    if (scheduled.delete(entry) && scheduled.size === 0) {
      cancelFlush?.()
      cancelFlush = undefined
    }
  }
}

function flush(isOverloaded: boolean): void {
  cancelFlush = undefined
  const entries = scheduled
  // Callbacks that are added from here on run in the next frame.
  scheduled = new Set()
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
  // The timer is for a page that is hidden after this call, which gets no frame.
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
