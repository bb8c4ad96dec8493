import { HTTP_ONLY, parseAddress } from '../../address.ts'
import { callSync } from '../../callback.ts'
import { WireError } from '../../errors.ts'
import { isFile } from '../../host-object.ts'
import { shownUrl } from '../../http/request.ts'
import { parseOrFail } from '../../provider.ts'
import type { SendUpload, UploadPosition, UploadProtocol, UploadResponse } from './protocol.ts'

/** Names and values that are sent to the server together with the size of a file. */
export type UploadMetadata = Readonly<Record<string, string>>

/** Options of {@link tus}. */
export interface TusOptions {
  /**
   * Metadata of the file, or a function that returns it. Default: `filename` and `filetype` of a `File`, which most
   * servers expect.
   */
  readonly metadata?: UploadMetadata | ((file: Blob) => UploadMetadata) | undefined
  /** The URL of an upload that your server has created already. Default: the client creates the upload. */
  readonly uploadUrl?: string | undefined
}

const VERSION = { 'tus-resumable': '1.0.0' }
const CHUNK = { ...VERSION, 'content-type': 'application/offset+octet-stream' }

/**
 * Returns the tus protocol, version 1.0 (tus.io/protocols/resumable-upload): core, `creation`, and `termination`, which
 * `cancelUpload` uses. A server on another origin must allow the request headers of tus and expose `Location`,
 * `Upload-Offset` and `Upload-Length`.
 *
 * @throws TypeError if the metadata is invalid: a name must be non-empty ASCII without spaces or commas.
 *
 * @example
 * ```ts
 * import { fromUpload, tus } from 'rxwire'
 *
 * declare const file: File
 *
 * fromUpload('/files', file, { protocol: tus({ metadata: { filename: file.name, album: '7' } }) })
 * ```
 */
export function tus({ metadata = metadataOf, uploadUrl }: TusOptions = {}): UploadProtocol {
  if (typeof metadata !== 'function') requireMetadata(metadata)
  return {
    // Part of the key of the stored upload: the same file with other metadata is another upload.
    name: typeof metadata === 'function' ? 'tus' : `tus ${encodeMetadata(metadata)}`,
    uploadUrl,
    conflictStatuses: [409],
    create: async (file, send) => {
      if (uploadUrl !== undefined) throw noLongerExists(uploadUrl)
      const values = typeof metadata === 'function' ? callSync('metadata', () => metadata(file)) : metadata
      const encoded = parseOrFail('metadata', () => requireMetadata(values))
      const response = await send({
        method: 'POST',
        headers: {
          ...VERSION,
          'upload-length': String(file.size),
          ...(encoded !== '' && { 'upload-metadata': encoded }),
        },
      })
      const location = response.headers.get('location')
      if (location === null) throw invalidHeader('Location', response)
      return { uploadUrl: absoluteUrl(location, response), at: { offset: 0, response } }
    },
    getOffset: async (url, file, send) => {
      const response = await send({ method: 'HEAD', url, headers: VERSION })
      const length = response.headers.get('upload-length')
      if (length !== null) return numberIn('Upload-Length', response) === file.size ? positionOf(response) : undefined
      // [spec] tus, Upload-Defer-Length: without its length the upload would never be finished.
      const isDeferred = response.headers.get('upload-defer-length') === '1'
      return isDeferred ? declareLength(url, positionOf(response).offset, file, send) : positionOf(response)
    },
    append: async (url, offset, body, _, send) => {
      const headers = { ...CHUNK, 'upload-offset': String(offset) }
      return positionOf(await send({ method: 'PATCH', url, headers, body }))
    },
    terminate: async (url, send) => {
      await send({ method: 'DELETE', url, headers: VERSION })
    },
  }
}

/** Sends the length of an upload that was created without one, together with an empty chunk. */
async function declareLength(url: string, offset: number, file: Blob, send: SendUpload): Promise<UploadPosition> {
  const headers = { ...CHUNK, 'upload-offset': String(offset), 'upload-length': String(file.size) }
  return positionOf(await send({ method: 'PATCH', url, headers, body: file.slice(0, 0) }))
}

function positionOf(response: UploadResponse): UploadPosition {
  return { offset: numberIn('Upload-Offset', response), response }
}

function numberIn(header: string, response: UploadResponse): number {
  const text = response.headers.get(header) ?? ''
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw invalidHeader(header, response)
}

function metadataOf(file: Blob): UploadMetadata {
  return isFile(file) ? { filename: file.name, filetype: file.type } : {}
}

/** Returns the metadata as a header. */
function requireMetadata(metadata: unknown): string {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new TypeError('metadata must be an object or a function that returns one')
  }
  return encodeMetadata(metadata as UploadMetadata)
}

/** [spec] Pairs separated by commas: a name without spaces and commas, a space, the value in Base64. */
function encodeMetadata(metadata: UploadMetadata): string {
  return Object.entries(metadata)
    .map(([name, value]) => {
      if (!/^[!-+\--~]+$/.test(name)) {
        throw new TypeError(`metadata: a name must be non-empty ASCII without spaces or commas, got "${name}"`)
      }
      return `${name} ${base64(value)}`
    })
    .join(',')
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}

function absoluteUrl(location: string, response: UploadResponse): string {
  try {
    return parseAddress('Location', location, response.url, HTTP_ONLY).href
  } catch {
    throw invalidHeader('Location', response)
  }
}

function invalidHeader(header: string, { status }: UploadResponse): WireError {
  const message =
    `The upload server responded with ${status} without a valid ${header} header. If the server is on another ` +
    'origin, its Access-Control-Expose-Headers must list that header.'
  return new WireError('http', message)
}

function noLongerExists(url: string): WireError {
  return new WireError(
    'http',
    `The upload at ${shownUrl({ url })} no longer exists on the server. Create another upload and pass its URL ` +
      'to tus({ uploadUrl }).',
  )
}
