import type { UploadQueue } from 'rxwire'

/** The controls of a queue whose uploads run only while the component is mounted. */
export interface MountAwareUploads extends Pick<UploadQueue, 'start' | 'resume'> {
  /** Resumes the uploads that were paused by an unmount, in their order. Returns the unmount function. */
  readonly mount: () => () => void
}

/**
 * Pauses all uploads while the component is unmounted, because the user could neither see nor stop them.
 *
 * @param queue The queue of the component.
 */
export function pauseWhileUnmounted(queue: UploadQueue): MountAwareUploads {
  let isMounted = false
  let pausedIds: readonly string[] = []
  const pauseIfUnmounted = () => {
    if (!isMounted) pausedIds = [...pausedIds, ...queue.pause()]
  }
  return {
    start: (files) => {
      const ids = queue.start(files)
      pauseIfUnmounted()
      return ids
    },
    resume: (id) => {
      queue.resume(id)
      pauseIfUnmounted()
    },
    mount: () => {
      isMounted = true
      for (const id of pausedIds) queue.resume(id)
      pausedIds = []
      return () => {
        isMounted = false
        pauseIfUnmounted()
      }
    },
  }
}
