import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { createUploadQueue, type Provider, type UploadItem, type UploadQueue, type UploadQueueOptions } from 'rxwire'
import { pauseWhileUnmounted } from 'rxwire/reactive'
import { useLatest, useStableMemo } from './base-hooks.ts'
import { liveRequest } from './live-options.ts'
import { addressOf, liveUrl } from './use-url-wire.ts'

/** What {@link useUpload} returns: the uploads and their controls. */
export interface UploadResult extends Omit<UploadQueue, 'getSnapshot' | 'subscribe'> {
  /** All uploads, in the order in which they were started. */
  readonly uploads: readonly UploadItem[]
  /** The last upload that was started; `undefined` before the first. */
  readonly upload: UploadItem | undefined
}

const NO_UPLOADS: readonly UploadItem[] = []

/**
 * Uploads files, and resumes them after a lost connection, a pause or a page reload. Nothing is sent before `start`.
 *
 * Unmounting pauses the running uploads. Uploads started or resumed while the component is unmounted are paused, too. A
 * remount resumes both. For uploads that outlive the component, create a queue with `createUploadQueue` and pass it
 * instead of the url.
 *
 * Options may be written inline. When a changed option takes effect:
 * - `url`, `baseUrl`, `query`: at once, with another and empty list of uploads.
 * - `headers` and a `url` function: with the next request.
 * - All others: when another list starts.
 *
 * @param url The URL at which uploads are created, or a function that returns it for each request.
 * @param options Options of `createUploadQueue`.
 * @throws TypeError if the url or an option is invalid, or if `options` is absent.
 *
 * @example
 * ```tsx
 * import { tus } from 'rxwire'
 * import { useUpload } from 'rxwire/react'
 *
 * export function Files() {
 *   const { uploads, start, pause, resume, cancel, remove } = useUpload('/files', { protocol: tus() })
 *   const next = {
 *     queued: pause,
 *     running: pause,
 *     waiting: pause,
 *     paused: resume,
 *     failed: resume,
 *     done: remove,
 *     cancelled: remove,
 *   }
 *   return (
 *     <section>
 *       <input type="file" multiple onChange={({ target }) => start(target.files ?? [])} />
 *       {uploads.map(({ id, name, status, progress }) => (
 *         <p key={id}>
 *           {name}
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
  const externalQueue = asQueue(target)
  if (externalQueue === undefined && !options)
    throw new TypeError('options are required with a url, for example { protocol: tus() }')
  // Read for each request: a token may expire during an upload.
  const { headers } = liveRequest(useLatest(options ?? {}))
  const latestUrl = useLatest({ url: target })
  const address = externalQueue ?? addressOf(target, options?.query, options?.baseUrl)
  // A queue does nothing before `start`, so a discarded render leaves nothing to clean up.
  const queue = useStableMemo(() => {
    if (externalQueue !== undefined) return externalQueue
    return createUploadQueue(liveUrl(target as Provider<string | URL>, latestUrl), {
      ...options,
      headers,
    } as UploadQueueOptions)
  }, [address])

  const mountAware = useStableMemo(
    () => (externalQueue === undefined ? pauseWhileUnmounted(queue) : undefined),
    [queue],
  )
  useEffect(() => mountAware?.mount(), [mountAware])

  const uploads = useSyncExternalStore(queue.subscribe, queue.getSnapshot, () => NO_UPLOADS)
  return useMemo(() => {
    const { pause, cancel, remove } = queue
    const { start, resume } = mountAware ?? queue
    return { uploads, upload: uploads.at(-1), start, pause, resume, cancel, remove }
  }, [queue, mountAware, uploads])
}

function asQueue(target: Provider<string | URL> | UploadQueue): UploadQueue | undefined {
  if (target === null || target === undefined) {
    throw new TypeError(`url must be a valid URL or an upload queue, got ${target}`)
  }
  return typeof target === 'object' && 'getSnapshot' in target ? target : undefined
}
