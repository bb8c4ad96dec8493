import type { UploadQueue } from 'rxwire'

/** An upload queue whose uploads run only while its component is there. */
export interface HeldUploads extends Pick<UploadQueue, 'start' | 'resume'> {
  /** The component is there: what was held goes on. Returns what is to be called when it goes. */
  readonly show: () => () => void
}

/** Holds a queue's uploads while nobody could see or stop them, and lets them go on in their order. */
export function holdUploads(queue: UploadQueue): HeldUploads {
  let isShown = false
  let held: readonly string[] = []
  const holdUnseen = () => {
    if (!isShown) held = [...held, ...queue.pause()]
  }
  return {
    start: (files) => {
      const ids = queue.start(files)
      holdUnseen()
      return ids
    },
    resume: (id) => {
      queue.resume(id)
      holdUnseen()
    },
    show: () => {
      isShown = true
      for (const id of held) queue.resume(id)
      held = []
      return () => {
        isShown = false
        holdUnseen()
      }
    },
  }
}
