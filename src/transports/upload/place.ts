import type { Provider } from '../../http/provider.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { UploadOptions } from './options.ts'
import { rememberedUploads } from './remembered.ts'

/** Where the upload of one subscription was begun, which outlives it by the memory. */
export interface UploadPlace {
  /** Where it was begun, and whether only the memory says so; `undefined` if it was not. */
  find(): Promise<{ readonly location: string; readonly isRemembered: boolean } | undefined>
  /** The same place as long as this subscription lasts, and forgotten for everybody else. */
  take(): Promise<string | undefined>
  keep(location: string): Promise<void>
  forget(): Promise<void>
}

export function uploadPlace(url: Provider<string | URL>, file: Blob, options: UploadOptions): UploadPlace {
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
  const find: UploadPlace['find'] = async () => {
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
