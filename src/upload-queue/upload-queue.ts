import { isBlob } from '../host-object.ts'
import { onNextFrame } from '../platform/animation-frame.ts'
import { memoryStorage } from '../platform/storage.ts'
import type { Provider } from '../provider.ts'
import { Listeners } from '../store/listeners.ts'
import { nameOf } from '../transports/upload/fingerprint.ts'
import { cancelUpload, fromUpload } from '../transports/upload/from-upload.ts'
import { requireUploadOptions, type UploadOptions } from '../transports/upload/options.ts'
import { requirePositive } from '../validate.ts'
import { QueuedUpload, type UploadItem, type UploadStatus } from './queued-upload.ts'

/** Gives every upload of a queue a name of its own, also where two have the same file. */
export class Names<Owner> {
  readonly #owners = new Map<string, Owner>()
  readonly #isLive: (owner: Owner) => boolean

  /** @param isLive Whether an owner still has a use for its name. */
  constructor(isLive: (owner: Owner) => boolean) {
    this.#isLive = isLive
  }

  /** The name that is wanted, or the first one like it that is free: on another page, it is free again. */
  claim(owner: Owner, wanted: string): string {
    for (let nth = 1; ; nth += 1) {
      const name = nth === 1 ? wanted : `${wanted} (${nth})`
      const holder = this.#owners.get(name)
      if (holder !== undefined && this.#isLive(holder)) continue
      this.#owners.set(name, owner)
      return name
    }
  }
}

/** Options of {@link createUploadQueue}: those of each upload, and how many run at once. */
export interface UploadQueueOptions extends UploadOptions {
  /** How many files are uploaded at the same time. Default 3: browsers keep six connections to an HTTP/1.1 origin. */
  readonly concurrency?: number | undefined
}

/** Uploads as a list that a UI can show: the shape that React's `useSyncExternalStore` takes, and other frameworks too. */
export interface UploadQueue {
  /** The uploads, in the order in which they were started, as last told of: the same array until then. */
  getSnapshot(): readonly UploadItem[]
  /** Tells of changes with the next frame, and so at most once a frame. */
  subscribe(listener: () => void): () => void
  /** Uploads files, each when it is its turn. Returns their ids. */
  start(files: Blob | Iterable<Blob>): readonly string[]
  /** Stops an upload where it is; without an id, all that run or wait for their turn. Returns the ids of what it stopped. */
  pause(id?: string): readonly string[]
  /** Goes on with an upload that was paused or has failed; without an id, with all of them. */
  resume(id?: string): void
  /** Ends an upload for good, and has the server forget it where it can; without an id, all that are not done. */
  cancel(id?: string): void
  /** Takes off the list what is done, has failed or was cancelled; without an id, all of it. */
  remove(id?: string): void
}

const CONCURRENCY = 3
const UNFINISHED: readonly UploadStatus[] = ['queued', 'running', 'paused', 'failed']

/**
 * Uploads files with `fromUpload`, a few at a time, and lets each be paused, resumed and cancelled. It knows no
 * framework and does nothing until files are started; what it has begun goes on until it is done or paused.
 *
 * @param url Where uploads are announced, or a function that says so for each request.
 * @throws TypeError if an option makes no sense; `start` throws one for what is no file.
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
  // A mistake in the options shows here, and not when the first file is chosen.
  requireUploadOptions(url, new Blob(), options)
  if (options.protocol.location !== undefined) {
    throw new TypeError('protocol must have no uploadUrl in a queue: it is the stored of one file')
  }
  const { concurrency = CONCURRENCY } = options
  requirePositive('concurrency', concurrency)
  const storage = options.storage === false ? memoryStorage() : options.storage

  let uploads: readonly QueuedUpload[] = []
  let snapshot: readonly UploadItem[] = []
  let isDue = false
  let isAdmitting = false
  const listeners = new Listeners()
  const names = new Names<string>((id) => all(UNFINISHED, id).length > 0)

  const hasRoom = () => uploads.filter(({ status }) => status === 'running').length < concurrency
  /** Runs those whose turn it is. What that changes is not asked again meanwhile, or the next would overtake the first. */
  const admit = () => {
    if (isAdmitting) return
    isAdmitting = true
    for (const upload of uploads.filter(({ status }) => status === 'queued')) {
      if (!hasRoom()) break
      upload.run()
    }
    isAdmitting = false
  }
  const onChange = () => {
    admit()
    if (!isDue) onNextFrame(publish)
    isDue = true
  }
  const publish = () => {
    isDue = false
    snapshot = uploads.map(({ item }) => item)
    listeners.notify()
  }
  const add = (file: Blob): QueuedUpload => {
    const id = Math.random().toString(36).slice(2)
    // A pause must not lose what cannot be recognised: within the queue, it is known by its id.
    const claim = async () => {
      const named = options.fingerprint === undefined ? nameOf(url, file, options.query) : options.fingerprint(file)
      return names.claim(id, (await named) ?? id)
    }
    let name: Promise<string> | undefined
    const fingerprint = () => {
      name ??= claim()
      return name
    }
    const own = { ...options, storage, fingerprint }
    return new QueuedUpload(id, file, fromUpload(url, file, own), cancelUpload(url, file, own), onChange)
  }
  const all = (statuses: readonly UploadStatus[], id: string | undefined) =>
    uploads.filter((upload) => (id === undefined || id === upload.id) && statuses.includes(upload.status))

  return {
    getSnapshot: () => snapshot,
    subscribe: (listener) => listeners.add(listener),
    start: (files) => {
      const added = (isBlob(files) ? [files] : [...files]).map(add)
      uploads = [...uploads, ...added]
      onChange()
      return added.map(({ id }) => id)
    },
    pause: (id) => {
      const stopped = all(['queued', 'running'], id)
      for (const upload of waitingFirst(stopped)) upload.pause()
      return stopped.map((upload) => upload.id)
    },
    resume: (id) => {
      for (const upload of all(['paused', 'failed'], id)) upload.queue()
    },
    cancel: (id) => {
      for (const upload of waitingFirst(all(UNFINISHED, id))) upload.cancel()
    },
    remove: (id) => {
      const gone = new Set(all(['done', 'failed', 'cancelled'], id))
      uploads = uploads.filter((upload) => !gone.has(upload))
      onChange()
    },
  }
}

/** Those that run come last: the stored of one that stops is nobody's then. */
function waitingFirst(uploads: readonly QueuedUpload[]): readonly QueuedUpload[] {
  const runs = ({ status }: QueuedUpload) => status === 'running'
  return [...uploads.filter((upload) => !runs(upload)), ...uploads.filter(runs)]
}
