'use client'

import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { createUploadQueue, type Provider, type UploadItem, type UploadQueue, type UploadQueueOptions } from 'rxwire'
import { liveRequest } from './live-request.ts'
import { useLatest } from './use-latest.ts'
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
 * Unmounting pauses what runs, and it goes on if the component comes back; what should go on without the component is
 * started in a queue of its own, made with `createUploadQueue` and given instead of the url.
 *
 * @param url Where uploads are announced, or a function that says so for each request; another address is another list.
 * @param options Those of `createUploadQueue`. May be written inline: `headers`, and a url that is a function, are those
 *   of the last render, all others those of the first.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```tsx
 * import { tus } from 'rxwire'
 * import { useUpload } from 'rxwire/react'
 *
 * export function Files() {
 *   const { uploads, start, pause, resume } = useUpload('/files', { protocol: tus() })
 *   return (
 *     <section>
 *       <input type="file" multiple onChange={({ target }) => start(target.files ?? [])} />
 *       {uploads.map(({ id, status, progress }) => (
 *         <p key={id}>
 *           <progress value={progress?.fraction ?? 0} />
 *           <button onClick={() => (status === 'paused' ? resume(id) : pause(id))}>{status}</button>
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
  // An upload may take hours, and its token less.
  const { headers } = liveRequest(useLatest(options ?? {}))
  const latestUrl = useLatest({ url: target as Provider<string | URL> })
  const given = typeof target === 'object' && 'getSnapshot' in target ? target : undefined
  const address = given ?? addressOf(target, options?.query)
  // Inert until something is started, so one that a discarded render has made costs nothing.
  const queue = useMemo(() => {
    if (given !== undefined) return given
    const url = typeof target === 'function' ? liveUrl(latestUrl) : (target as string | URL)
    return createUploadQueue(url, { ...options, headers } as UploadQueueOptions)
  }, [address])

  const paused = useRef<readonly string[]>([])
  useEffect(() => {
    if (given !== undefined) return
    for (const id of paused.current) queue.resume(id)
    return () => {
      paused.current = queue.pause()
    }
  }, [queue])

  const uploads = useSyncExternalStore(queue.subscribe, queue.getSnapshot, () => none)
  return useMemo(() => {
    const { start, pause, resume, cancel, remove } = queue
    return { uploads, upload: uploads.at(-1), start, pause, resume, cancel, remove }
  }, [queue, uploads])
}
