import { after, throwLater } from './clock.ts'

// A task that is held up by one long task is late for a frame or two. Later than that, it is behind a queue of them.
const LATE_FRAMES = 2

let framesWaited: number | undefined

/**
 * Whether tasks are queueing in the page, so that what is put off will not run soon: a task that was put off in an
 * earlier frame has still not had its turn. To be asked once a frame.
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

// Hosts without frames get about as many updates as a screen would show.
const FRAMELESS_MS = 16
// A hidden page gets no frames at all. What it shows is read by nobody, but its title or its badge may be.
const HIDDEN_MS = 250

interface Due {
  run: (isOverloaded: boolean) => void
}

let due = new Set<Due>()
let cancelFlush: (() => void) | undefined

/**
 * Calls `run` once, with the next frame; by timer where frames do not come. All that is due in a frame runs in
 * one go: a UI library that listens to several stores renders once for all of them. `run` is told whether the
 * page is overloaded, so that what it puts off would not run soon. Returns the cancel function.
 */
export function onNextFrame(run: (isOverloaded: boolean) => void): () => void {
  // Not the function itself: it may be given twice.
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
  // What is asked for from here on is for the frame after this one.
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
  // Both at once, first come first served: a page that is hidden after this call never gets its frame.
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
