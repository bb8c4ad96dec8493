import type { AttemptContext } from '../../attempt.ts'
import { credentialGuard } from '../../http/credential-guard.ts'
import type { Provider } from '../../http/provider.ts'
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
  /** Where the upload was begun; `undefined` if it was not. */
  find(): Promise<string | undefined>
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
  let location = protocol.location

  const withMemory = async (use: (fingerprint: string) => void) => {
    if (remembered === undefined) return
    fingerprint ??= fingerprintOf(url, file, options)
    const known = await fingerprint
    if (known !== undefined) use(known)
  }
  return {
    file,
    options,
    protocol,
    pieces: new Pieces(file, options.chunkBytes),
    find: async () => {
      if (location === undefined)
        await withMemory((known) => {
          location = remembered?.find(known)
        })
      return location
    },
    keep: (at) => {
      location = at
      return withMemory((known) => remembered?.keep(known, at))
    },
    forget: () => {
      location = undefined
      return withMemory((known) => remembered?.forget(known))
    },
    resolve: async ({ method, url = '', headers: more = {}, body = null }, context) => {
      const endpoint = await makeRequest(context)
      const headers = new Headers(endpoint.headers)
      for (const [name, value] of Object.entries(more)) headers.set(name, value)
      const request = { ...endpoint, method, url: new URL(url, endpoint.url).href, headers, body }
      // The server may keep uploads elsewhere. Whether credentials may follow is for the caller to say.
      guard(endpoint)
      guard(request)
      return request
    },
  }
}
