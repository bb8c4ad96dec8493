import { Subject } from 'rxjs'
import { isBlob } from '../host-object.ts'
import { onNextFrame } from '../platform/animation-frame.ts'
import { memoryStorage } from '../platform/storage.ts'
import type { Provider } from '../provider.ts'
import { requireUploadOptions } from '../transports/upload/check-options.ts'
import { defaultFingerprint } from '../transports/upload/fingerprint.ts'
import { cancelUpload, fromUpload } from '../transports/upload/from-upload.ts'
import type { UploadOptions } from '../transports/upload/options.ts'
import { requirePositive } from '../validate.ts'
import { QueuedUpload, type UploadItem, type UploadStatus } from './queued-upload.ts'

/** Gives each upload of a queue a unique fingerprint, also if two upload the same file. */
class UniqueFingerprints<Owner> {
  readonly #owners = new Map<string, Owner>()
  readonly #isLive: (owner: Owner) => boolean

  /** @param isLive Whether an owner still uses its fingerprint. */
  constructor(isLive: (owner: Owner) => boolean) {
    this.#isLive = isLive
  }

  /** Returns the wanted fingerprint, or the first free variant of it. The numbers start again on another page. */
  claim(owner: Owner, wanted: string): string {
    for (let nth = 1; ; nth += 1) {
      const fingerprint = nth === 1 ? wanted : `${wanted} (${nth})`
      const holder = this.#owners.get(fingerprint)
      if (holder !== undefined && this.#isLive(holder)) continue
      this.#owners.set(fingerprint, owner)
      return fingerprint
    }
  }
}

/** Options of {@link createUploadQueue}. */
export interface UploadQueueOptions extends UploadOptions {
  /** How many files are uploaded at the same time. Default 3: browsers keep six connections to an HTTP/1.1 origin. */
  readonly concurrency?: number | undefined
}

/** A list of uploads for a UI, in the form that React's `useSyncExternalStore` and other frameworks expect. */
export interface UploadQueue {
  /** The uploads in the order in which they were started, as last published. The same array until they change. */
  getSnapshot(): readonly UploadItem[]
  /** Notifies of changes, at most once per animation frame. */
  subscribe(listener: () => void): () => void
  /** Queues files for upload. Returns their ids. */
  start(files: Blob | Iterable<Blob>): readonly string[]
  /** Pauses an upload; without an id, all that run or are queued. Returns the ids of the paused uploads. */
  pause(id?: string): readonly string[]
  /** Resumes an upload that was paused or has failed; without an id, all of them. */
  resume(id?: string): void
  /** Cancels an upload, and deletes it on the server if the protocol can; without an id, all that are not done. */
  cancel(id?: string): void
  /** Removes an upload that is done, has failed or was cancelled from the list; without an id, all of them. */
  remove(id?: string): void
}

const CONCURRENCY = 3
const UNFINISHED: readonly UploadStatus[] = ['queued', 'running', 'paused', 'failed']

/**
 * Creates a queue that uploads files with `fromUpload`, a few at a time. Each upload can be paused, resumed and
 * cancelled. The queue does nothing before `start`. Uploads then run until they are done or paused.
 *
 * @param url Where uploads are created, or a function that returns the URL for each request.
 * @param options Options of `fromUpload`, plus `concurrency` (default 3). `protocol` is required.
 * @throws TypeError if an option is invalid. `start` throws one for a value that is not a `Blob`.
 *
 * @example
 * ```ts
 * import { createUploadQueue, tus } from 'rxwire'
 *
 * declare const input: HTMLInputElement
 *
 * const queue = createUploadQueue('/files', { protocol: tus(), concurrency: 2 })
 * queue.subscribe(() => console.info(queue.getSnapshot().map(({ status }) => status)))
 * queue.start(input.files ?? [])
 * ```
 */
export function createUploadQueue(url: Provider<string | URL>, options: UploadQueueOptions): UploadQueue {
  // Invalid options throw here, not when the first file is selected.
  requireUploadOptions(url, new Blob(), options)
  if (options.protocol.uploadUrl !== undefined) {
    throw new TypeError('protocol must not have an uploadUrl in a queue, because it belongs to one file')
  }
  const { concurrency = CONCURRENCY } = options
  requirePositive('concurrency', concurrency)
  const storage = options.storage === false ? memoryStorage() : options.storage

  let uploads: readonly QueuedUpload[] = []
  let snapshot: readonly UploadItem[] = []
  let isDue = false
  let isStarting = false
  const changes = new Subject<void>()
  const fingerprints = new UniqueFingerprints<string>((id) => all(UNFINISHED, id).length > 0)

  const hasRoom = () => uploads.filter(({ status }) => status === 'running').length < concurrency
  /** Starts queued uploads while there is room. Not reentrant: a later upload must not start before an earlier one. */
  const startQueued = () => {
    if (isStarting) return
    isStarting = true
    for (const upload of uploads.filter(({ status }) => status === 'queued')) {
      if (!hasRoom()) break
      upload.run()
    }
    isStarting = false
  }
  const onChange = () => {
    startQueued()
    if (!isDue) onNextFrame(publish)
    isDue = true
  }
  const publish = () => {
    isDue = false
    snapshot = uploads.map(({ item }) => item)
    changes.next()
  }
  const add = (file: Blob): QueuedUpload => {
    const id = Math.random().toString(36).slice(2)
    // A file without a fingerprint is stored under its id, so that it can resume after a pause within this queue.
    const claim = async () => {
      const { fingerprint = () => defaultFingerprint(url, file, options) } = options
      return fingerprints.claim(id, (await fingerprint(file)) ?? id)
    }
    let claimed: Promise<string> | undefined
    const fingerprint = () => {
      claimed ??= claim()
      return claimed
    }
    const own = { ...options, storage, fingerprint }
    return new QueuedUpload(id, file, fromUpload(url, file, own), cancelUpload(url, file, own), onChange)
  }
  const all = (statuses: readonly UploadStatus[], id: string | undefined) =>
    uploads.filter((upload) => (id === undefined || id === upload.id) && statuses.includes(upload.status))

  return {
    getSnapshot: () => snapshot,
    subscribe: (listener) => {
      const subscription = changes.subscribe(() => listener())
      return () => subscription.unsubscribe()
    },
    start: (files) => {
      const added = (isBlob(files) ? [files] : [...files]).map(add)
      uploads = [...uploads, ...added]
      onChange()
      return added.map(({ id }) => id)
    },
    pause: (id) => {
      const stopped = all(['queued', 'running'], id)
      for (const upload of runningLast(stopped)) upload.pause()
      return stopped.map((upload) => upload.id)
    },
    resume: (id) => {
      for (const upload of all(['paused', 'failed'], id)) upload.queue()
    },
    cancel: (id) => {
      for (const upload of runningLast(all(UNFINISHED, id))) upload.cancel()
    },
    remove: (id) => {
      const removed = new Set(all(['done', 'failed', 'cancelled'], id))
      uploads = uploads.filter((upload) => !removed.has(upload))
      onChange()
    },
  }
}

/** Moves the running uploads to the end. Stopping one first would start a queued upload that is to be stopped, too. */
function runningLast(uploads: readonly QueuedUpload[]): readonly QueuedUpload[] {
  const isRunning = ({ status }: QueuedUpload) => status === 'running'
  return [...uploads.filter((upload) => !isRunning(upload)), ...uploads.filter(isRunning)]
}
