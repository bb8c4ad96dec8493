import { HTTP_ONLY, parseAddress } from '../../address.ts'
import type { WaitingAttempt } from '../../engine/provide.ts'
import { credentialGuard, type ResolvedRequest, requestMaker } from '../../http/request.ts'
import { type Provider, parseOrFail } from '../../provider.ts'
import type { SourceMemory } from '../../wire-memory.ts'
import { Chunks } from './chunks.ts'
import type { UploadOptions } from './options.ts'
import type { UploadProtocol, UploadRequest } from './protocol.ts'
import { type OwnUpload, type StoredUpload, storedUpload } from './stored-upload.ts'

/** What the attempts of one subscription share. */
export interface UploadSubscription {
  readonly file: Blob
  readonly options: UploadOptions
  readonly protocol: UploadProtocol
  readonly chunks: Chunks
  readonly stored: StoredUpload
  /** Adds the caller's current headers to a request of the protocol, and resolves its URL. */
  resolve(request: UploadRequest, attempt: WaitingAttempt): Promise<ResolvedRequest>
}

/** Creates the shared state of one subscription to an upload. */
export function uploadSubscription(
  url: Provider<string | URL>,
  file: Blob,
  options: UploadOptions,
  memory: SourceMemory,
  own: OwnUpload,
): UploadSubscription {
  const { protocol } = options
  const makeRequest = requestMaker(url, options, memory)
  const guard = credentialGuard(memory, options)
  return {
    file,
    options,
    protocol,
    chunks: new Chunks(file, options.chunkBytes),
    stored: storedUpload(url, file, options, own),
    resolve: async ({ method, url = '', headers: protocolHeaders = {}, body = null }, attempt) => {
      const endpoint = await makeRequest(attempt)
      const headers = new Headers(endpoint.headers)
      for (const [name, value] of Object.entries(protocolHeaders)) headers.set(name, value)
      const target = parseOrFail('upload URL', () => parseAddress('upload URL', url, endpoint.url, HTTP_ONLY).href)
      const request = { ...endpoint, method, url: target, headers, body }
      // The upload URL may be on another origin. Credentials follow only to `credentialOrigins`.
      guard(endpoint)
      guard({ ...request, headers: endpoint.headers })
      return request
    },
  }
}
