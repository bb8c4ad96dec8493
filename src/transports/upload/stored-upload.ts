import { wallClock } from '../../platform/clock.ts'
import { hint } from '../../platform/hints.ts'
import { type KeyValueStorage, lastingStorage } from '../../platform/storage.ts'
import type { Provider } from '../../provider.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { UploadOptions } from './options.ts'

/** The upload URL of one subscription. The storage keeps it beyond the subscription. */
export interface StoredUpload {
  /**
   * Returns the upload URL, or `undefined` if there is none. `isFromStorage`: an earlier subscription stored the URL,
   * so it may be invalid by now.
   */
  load(): Promise<{ readonly uploadUrl: string; readonly isFromStorage: boolean } | undefined>
  save(uploadUrl: string): Promise<void>
  /** Forgets the upload, unless another one was stored since. */
  remove(uploadUrl: string): Promise<void>
}

/** The upload URL that the subscriptions to one wire share, for files that have no fingerprint. */
export interface OwnUpload {
  uploadUrl: string | undefined
}

export function storedUpload(
  url: Provider<string | URL>,
  file: Blob,
  options: UploadOptions,
  own: OwnUpload,
): StoredUpload {
  const remembered = rememberedUploads(options)
  let fingerprint: Promise<string | undefined> | undefined
  let current = options.protocol.uploadUrl

  /** Skips `access` if nothing is stored, or if the upload has no fingerprint. */
  const withStorage = async (access: (uploads: RememberedUploads, fingerprint: string) => void) => {
    if (remembered === undefined) return
    fingerprint ??= fingerprintOf(url, file, options)
    const key = await fingerprint
    if (key !== undefined) access(remembered, key)
  }
  const load: StoredUpload['load'] = async () => {
    if (current !== undefined) return { uploadUrl: current, isFromStorage: false }
    let { uploadUrl } = own
    await withStorage((uploads, key) => {
      uploadUrl ??= uploads.get(key)
    })
    return uploadUrl === undefined ? undefined : { uploadUrl, isFromStorage: true }
  }
  const remove: StoredUpload['remove'] = (uploadUrl) => {
    current = undefined
    if (own.uploadUrl === uploadUrl) own.uploadUrl = undefined
    return withStorage((uploads, key) => {
      if (uploads.get(key) === uploadUrl) uploads.delete(key)
    })
  }
  return {
    load,
    save: (uploadUrl) => {
      current = uploadUrl
      own.uploadUrl = uploadUrl
      return withStorage((uploads, key) => uploads.set(key, uploadUrl))
    },
    remove,
  }
}

/** An upload as it is written to the storage. */
interface StoredEntry {
  /** The upload URL. */
  readonly location: string
  readonly untilMs: number
}

const KEY = 'rxwire-uploads'
const REMEMBER_FOR_MS = 24 * 60 * 60 * 1_000

/** Returns the stored uploads that the options configure; `undefined` if `storage` is `false`. */
export function rememberedUploads(options: UploadOptions): RememberedUploads | undefined {
  const { storage = lastingStorage(), rememberForMs = REMEMBER_FOR_MS } = options
  return storage === false ? undefined : new RememberedUploads(storage, rememberForMs)
}

/**
 * The URLs of unfinished uploads, by the fingerprint of their file. All are in one storage item, so each write also
 * removes the expired ones.
 */
export class RememberedUploads {
  readonly #storage: KeyValueStorage
  readonly #lifetimeMs: number

  constructor(storage: KeyValueStorage, lifetimeMs: number) {
    this.#storage = storage
    this.#lifetimeMs = lifetimeMs
  }

  get(fingerprint: string): string | undefined {
    return this.#read().get(fingerprint)?.location
  }

  set(fingerprint: string, uploadUrl: string): void {
    this.#write(this.#read().set(fingerprint, { location: uploadUrl, untilMs: wallClock() + this.#lifetimeMs }))
  }

  delete(fingerprint: string): void {
    const entries = this.#read()
    if (entries.delete(fingerprint)) this.#write(entries)
  }

  /** Returns the entries that have not expired. An item that does not parse counts as empty. */
  #read(): Map<string, StoredEntry> {
    try {
      const entries: [string, StoredEntry][] = Object.entries(JSON.parse(this.#storage.getItem(KEY) ?? '{}'))
      return new Map(entries.filter(([, { untilMs }]) => wallClock() < untilMs))
    } catch {
      return new Map()
    }
  }

  #write(entries: ReadonlyMap<string, StoredEntry>): void {
    try {
      if (entries.size === 0) this.#storage.removeItem(KEY)
      else this.#storage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)))
    } catch {
      // The storage is full or forbidden. The upload itself is not affected.
      hint('upload', 'The storage did not accept the upload URL. The upload cannot resume after a page reload.')
    }
  }
}
