import { createUploadQueue, type UploadItem, type UploadQueue, type UploadQueueOptions } from 'rxwire'
import { addFields, type CreateHost, readInput } from './host.ts'
import { pauseWhileUnmounted } from './mount-aware-uploads.ts'
import type { InputOf, ReactiveFields, ReactiveTypes } from './types.ts'

/** The uploads of a queue. */
interface Uploads {
  /** All uploads, in the order in which they were started. */
  readonly uploads: readonly UploadItem[]
  /** The last upload that was started; `undefined` before the first. */
  readonly upload: UploadItem | undefined
}

/** The uploads, each field a reactive value, and their controls. */
export interface ReactiveUploads<F extends ReactiveTypes>
  extends ReactiveFields<F, Uploads>,
    Omit<UploadQueue, 'getSnapshot' | 'subscribe'> {}

/** The function of an adapter that uploads files. */
export interface OpenUpload<F extends ReactiveTypes> {
  /** Uploads to a url, which is read for each request, and pauses while the component is not there. */
  (url: InputOf<F, string | URL>, options: UploadQueueOptions): ReactiveUploads<F>
  /** Shows a queue of its own. */
  (queue: UploadQueue): ReactiveUploads<F>
}

/**
 * Creates the function of an adapter that uploads files, such as `useUpload` of `rxwire/vue`.
 *
 * @param createHost What the adapter knows about its framework.
 */
export function defineUpload<F extends ReactiveTypes>(createHost: CreateHost): OpenUpload<F> {
  const create = (target: unknown, options?: UploadQueueOptions) => {
    const url = typeof target === 'string' ? target : () => readInput<string | URL>(createHost, target)
    const own = options && createUploadQueue(url, options)
    const queue = own ?? (target as UploadQueue)
    const mountAware = own && pauseWhileUnmounted(own)
    const { pause, cancel, remove, start, resume } = { ...queue, ...mountAware }
    const result = { pause, cancel, remove, start, resume }
    const host = createHost()
    const setUploads = addFields<Uploads>(host, result, { uploads: [], upload: undefined })
    const update = () => {
      const uploads = queue.getSnapshot()
      setUploads({ uploads, upload: uploads.at(-1) })
    }
    host.connect(
      () => undefined,
      () => {
        const leave = [mountAware?.mount(), queue.subscribe(update)]
        update()
        return () => {
          for (const each of leave) each?.()
        }
      },
    )
    return result
  }
  return create as unknown as OpenUpload<F>
}
