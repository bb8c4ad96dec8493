import type { AttemptContext } from '../../attempt.ts'
import { credentialGuard } from '../../http/credential-guard.ts'
import { type Provider, usable } from '../../http/provider.ts'
import { type ResolvedRequest, requestMaker } from '../../http/request.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { UploadOptions } from './options.ts'
import { Pieces } from './pieces.ts'
import type { UploadProtocol, UploadRequest } from './protocol.ts'
import { rememberedUploads } from './remembered.ts'

/** What the attempts of one subscription share. */
export interface UploadSubscription {
  readonly file: Blob
  readonly options: UploadOptions
  readonly protocol: UploadProtocol
  readonly pieces: Pieces
  /** Where the upload was begun, and whether only the memory says so; `undefined` if it was not. */
  find(): Promise<{ readonly location: string; readonly isRemembered: boolean } | undefined>
  /** The same place as long as this subscription lasts, and forgotten for everybody else. */
  take(): Promise<string | undefined>
  keep(location: string): Promise<void>
  forget(): Promise<void>
  /** Makes of a request of the protocol one that can be sent, with the caller's headers of this moment. */
  resolve(request: UploadRequest, context: AttemptContext): Promise<ResolvedRequest>
}

/** Begins a subscription to an upload. */
export function uploadSubscription(
  url: Provider<string | URL>,
  file: Blob,
  options: UploadOptions,
): UploadSubscription {
  const { protocol } = options
  const makeRequest = requestMaker(url, options)
  const guard = credentialGuard(options.credentialOrigins)
  const remembered = rememberedUploads(options)
  let fingerprint: Promise<string | undefined> | undefined
  let taken: Promise<string | undefined> | undefined
  let location = protocol.location

  const withMemory = async (use: (fingerprint: string) => void) => {
    if (remembered === undefined) return
    fingerprint ??= fingerprintOf(url, file, options)
    const known = await fingerprint
    if (known !== undefined) use(known)
  }
  const find: UploadSubscription['find'] = async () => {
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
    file,
    options,
    protocol,
    pieces: new Pieces(file, options.chunkBytes),
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
    resolve: async ({ method, url = '', headers: more = {}, body = null }, context) => {
      const endpoint = await makeRequest(context)
      const headers = new Headers(endpoint.headers)
      for (const [name, value] of Object.entries(more)) headers.set(name, value)
      const target = usable('location', () => new URL(url, endpoint.url).href)
      const request = { ...endpoint, method, url: target, headers, body }
      // The server may keep uploads elsewhere. Whether credentials may follow is for the caller to say.
      guard(endpoint)
      guard(request)
      return request
    },
  }
}
