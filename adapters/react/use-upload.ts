'use client'

import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { createUploadQueue, type Provider, type UploadItem, type UploadQueue, type UploadQueueOptions } from 'rxwire'
import { useKept, useLatest } from './base-hooks.ts'
import { liveRequest } from './live-options.ts'
import { addressOf, liveUrl } from './use-url-wire.ts'

/** What {@link useUpload} returns: the uploads, and what a person may want of them. */
export interface UploadResult extends Omit<UploadQueue, 'getSnapshot' | 'subscribe'> {
  /** All uploads, in the order in which they were started. */
  readonly uploads: readonly UploadItem[]
  /** The one that was started last. */
  readonly upload: UploadItem | undefined
}

const none: readonly UploadItem[] = []

/**
 * Uploads that go on after a cut, after a pause, and when the page is loaded again. Nothing is sent before `start`.
 * Unmounting pauses what runs, and what is started later waits as well; both go on if the component comes back. What
 * should go on without the component is started in a queue of its own, made with `createUploadQueue` and given instead
 * of the url.
 *
 * @param url Where uploads are announced, or a function that says so for each request; another address is another list.
 * @param options Those of `createUploadQueue`. May be written inline: `headers`, and a url that is a function, are those
 *   of the last render, all others those of the first.
 * @throws TypeError if the url or an option makes no sense, or there are no options.
 *
 * @example
 * ```tsx
 * import { tus } from 'rxwire'
 * import { useUpload } from 'rxwire/react'
 *
 * export function Files() {
 *   const { uploads, start, pause, resume, cancel, remove } = useUpload('/files', { protocol: tus() })
 *   const next = { queued: pause, running: pause, paused: resume, failed: resume, done: remove, cancelled: remove }
 *   return (
 *     <section>
 *       <input type="file" multiple onChange={({ target }) => start(target.files ?? [])} />
 *       {uploads.map(({ id, status, progress }) => (
 *         <p key={id}>
 *           <progress value={progress?.fraction ?? 0} />
 *           <button onClick={() => next[status](id)}>{status}</button>
 *           <button onClick={() => cancel(id)}>Cancel</button>
 *         </p>
 *       ))}
 *     </section>
 *   )
 * }
 * ```
 */
export function useUpload(url: Provider<string | URL>, options: UploadQueueOptions): UploadResult
export function useUpload(queue: UploadQueue): UploadResult
export function useUpload(target: Provider<string | URL> | UploadQueue, options?: UploadQueueOptions): UploadResult {
  const given = givenQueue(target)
  if (given === undefined && !options)
    throw new TypeError('options must be given with a url, such as { protocol: tus() }')
  // An upload may take hours, and its token less.
  const { headers } = liveRequest(useLatest(options ?? {}))
  const latestUrl = useLatest({ url: target as Provider<string | URL> })
  const address = given ?? addressOf(target, options?.query)
  // Inert until something is started, so one that a discarded render has made costs nothing.
  const queue = useKept(() => {
    if (given !== undefined) return given
    const url = typeof target === 'function' ? liveUrl(latestUrl) : (target as string | URL)
    return createUploadQueue(url, { ...options, headers } as UploadQueueOptions)
  }, [address])

  const held = useKept(() => (given === undefined ? holdUploads(queue) : undefined), [queue])
  useEffect(() => held?.show(), [held])

  const uploads = useSyncExternalStore(queue.subscribe, queue.getSnapshot, () => none)
  return useMemo(() => {
    const { pause, cancel, remove } = queue
    const { start, resume } = held ?? queue
    return { uploads, upload: uploads.at(-1), start, pause, resume, cancel, remove }
  }, [queue, held, uploads])
}

function givenQueue(target: Provider<string | URL> | UploadQueue): UploadQueue | undefined {
  if (target === null || target === undefined) {
    throw new TypeError(`url must be a valid URL or an upload queue, not ${target}`)
  }
  return typeof target === 'object' && 'getSnapshot' in target ? target : undefined
}

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
