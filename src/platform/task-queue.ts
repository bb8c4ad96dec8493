// A task that is held up by one long task is late for a frame or two. Later than that, it is behind a queue of them.
const LATE_FRAMES = 2

let framesWaited: number | undefined

/**
 * Whether tasks are queueing in the page, so that what is put off will not run soon: a task that was put off in an
 * earlier frame has still not had its turn. To be asked once a frame.
 */
export function areTasksQueueing(): boolean {
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
