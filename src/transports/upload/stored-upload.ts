import { now } from '../../platform/clock.ts'
import { hint } from '../../platform/hints.ts'
import { type KeyValueStorage, lastingStorage } from '../../platform/storage.ts'
import type { Provider } from '../../provider.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { UploadOptions } from './options.ts'

/** Where the upload of one subscription was begun, which outlives it by the memory. */
export interface StoredUpload {
  /** Where it was begun, and whether only the memory says so; `undefined` if it was not. */
  find(): Promise<{ readonly location: string; readonly isRemembered: boolean } | undefined>
  /** Returns the upload URL and removes it from the storage. Later calls in this subscription return the same. */
  take(): Promise<string | undefined>
  keep(location: string): Promise<void>
  forget(): Promise<void>
}

export function storedUpload(url: Provider<string | URL>, file: Blob, options: UploadOptions): StoredUpload {
  const remembered = rememberedUploads(options)
  let fingerprint: Promise<string | undefined> | undefined
  let taken: Promise<string | undefined> | undefined
  let location = options.protocol.location

  const withMemory = async (use: (fingerprint: string) => void) => {
    if (remembered === undefined) return
    fingerprint ??= fingerprintOf(url, file, options)
    const known = await fingerprint
    if (known !== undefined) use(known)
  }
  const find: StoredUpload['find'] = async () => {
    if (location !== undefined) return { location, isRemembered: false }
    let inMemory: string | undefined
    await withMemory((known) => {
      inMemory = remembered?.find(known)
    })
    return inMemory === undefined ? undefined : { location: inMemory, isRemembered: true }
  }
  const forget = () => {
    location = undefined
    return withMemory((known) => remembered?.forget(known))
  }
  const takeOut = async () => {
    let at = location
    await withMemory((known) => {
      at ??= remembered?.find(known)
      remembered?.forget(known)
    })
    return at
  }
  return {
    find,
    take: () => {
      taken ??= takeOut()
      return taken
    },
    keep: (at) => {
      location = at
      return withMemory((known) => remembered?.keep(known, at))
    },
    forget,
  }
}

/** Where an upload was begun, and until when that is worth remembering. */
interface Entry {
  readonly location: string
  readonly untilMs: number
}

const KEY = 'rxwire-uploads'
const REMEMBER_FOR_MS = 24 * 60 * 60 * 1_000

/** The memory that the options ask for; `undefined` for none. */
export function rememberedUploads(options: UploadOptions): RememberedUploads | undefined {
  const { storage = lastingStorage(), rememberForMs = REMEMBER_FOR_MS } = options
  return storage === false ? undefined : new RememberedUploads(storage, rememberForMs)
}

/**
 * The uploads that were begun and not finished, by the fingerprint of their file. One item of the storage, so that what
 * is too old goes whenever something is written.
 */
export class RememberedUploads {
  readonly #storage: KeyValueStorage
  readonly #lifetimeMs: number

  constructor(storage: KeyValueStorage, lifetimeMs: number) {
    this.#storage = storage
    this.#lifetimeMs = lifetimeMs
  }

  find(fingerprint: string): string | undefined {
    return this.#read().get(fingerprint)?.location
  }

  keep(fingerprint: string, location: string): void {
    this.#write(this.#read().set(fingerprint, { location, untilMs: now() + this.#lifetimeMs }))
  }

  forget(fingerprint: string): void {
    const entries = this.#read()
    if (entries.delete(fingerprint)) this.#write(entries)
  }

  /** Those that are young enough. What is not ours to understand counts as nothing. */
  #read(): Map<string, Entry> {
    try {
      const entries: [string, Entry][] = Object.entries(JSON.parse(this.#storage.getItem(KEY) ?? '{}'))
      return new Map(entries.filter(([, { untilMs }]) => now() < untilMs))
    } catch {
      return new Map()
    }
  }

  #write(entries: ReadonlyMap<string, Entry>): void {
    try {
      if (entries.size === 0) this.#storage.removeItem(KEY)
      else this.#storage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)))
    } catch {
      // Storage is full or forbidden: the upload itself goes on.
      hint('upload', 'The storage does not take what would let an upload go on after the page is loaded again.')
    }
  }
}
