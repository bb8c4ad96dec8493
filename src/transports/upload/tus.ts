import { WireError } from '../../errors.ts'
import { isFile } from '../../host-object.ts'
import type { UploadPosition, UploadProtocol, UploadResponse } from './protocol.ts'

/** What a server is told about a file, beside its bytes. */
export type UploadMetadata = Readonly<Record<string, string>>

/** Options of {@link tus}. */
export interface TusOptions {
  /** What the server is told about the file. Default: `filename` and `filetype` of a `File`, as most servers expect. */
  readonly metadata?: UploadMetadata | ((file: Blob) => UploadMetadata) | undefined
  /** Where the upload is, if your server has created it already. Default: it is created. */
  readonly uploadUrl?: string | undefined
}

const VERSION = { 'tus-resumable': '1.0.0' }

/**
 * The tus protocol, version 1.0: core, `creation` and, for cancelling, `termination` (tus.io/protocols/resumable-upload).
 * Across origins the server must allow its request headers and expose `Location`, `Upload-Offset` and `Upload-Length`.
 *
 * @throws TypeError for a name in the metadata that the protocol cannot carry.
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
  requireMetadata(metadata)
  return {
    // What is said of a file belongs to what it is recognised by: for another album it is another upload.
    name: typeof metadata === 'function' ? 'tus' : `tus ${encodeMetadata(metadata)}`,
    location: uploadUrl,
    conflicts: [409],
    begin: async (file, send) => {
      if (uploadUrl !== undefined) throw gone(uploadUrl)
      const described = encodeMetadata(typeof metadata === 'function' ? metadata(file) : metadata)
      const answer = await send({
        method: 'POST',
        headers: {
          ...VERSION,
          'upload-length': String(file.size),
          ...(described !== '' && { 'upload-metadata': described }),
        },
      })
      const location = answer.headers.get('location')
      if (location === null) throw unreadable('Location', answer)
      return { location: absolute(location, answer), at: { offset: 0, answer } }
    },
    ask: async (url, file, send) => {
      const answer = await send({ method: 'HEAD', url, headers: VERSION })
      const length = answer.headers.get('upload-length')
      return length !== null && Number(length) !== file.size ? undefined : positionOf(answer)
    },
    append: async (url, offset, body, _, send) => {
      const headers = { ...VERSION, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
      return positionOf(await send({ method: 'PATCH', url, headers, body }))
    },
    terminate: async (url, send) => {
      await send({ method: 'DELETE', url, headers: VERSION })
    },
  }
}

function positionOf(answer: UploadResponse): UploadPosition {
  const offset = answer.headers.get('upload-offset')
  if (offset === null || !/^\d+$/.test(offset)) throw unreadable('Upload-Offset', answer)
  return { offset: Number(offset), answer }
}

function metadataOf(file: Blob): UploadMetadata {
  return isFile(file) ? { filename: file.name, filetype: file.type } : {}
}

function requireMetadata(metadata: unknown): void {
  if (typeof metadata === 'function') return
  if (typeof metadata !== 'object' || metadata === null) throw new TypeError('metadata must be an object or a function')
  encodeMetadata(metadata as UploadMetadata)
}

/** [spec] Names without spaces and commas, each with its value in Base64. */
function encodeMetadata(metadata: UploadMetadata): string {
  return Object.entries(metadata)
    .map(([name, value]) => {
      if (!/^[!-+\--~]+$/.test(name)) throw new TypeError(`metadata: "${name}" must be ASCII, without space and comma`)
      return `${name} ${base64(value)}`
    })
    .join(',')
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}

function absolute(location: string, answer: UploadResponse): string {
  try {
    return new URL(location, answer.url).href
  } catch {
    throw unreadable('Location', answer)
  }
}

function unreadable(header: string, { status }: UploadResponse): WireError {
  const message =
    `The upload server answered ${status} without a usable ${header}. If it is of another origin, its ` +
    `Access-Control-Expose-Headers must name that header.`
  return new WireError('http', message)
}

function gone(url: string): WireError {
  return new WireError('http', `The upload at ${url} is gone, and only who created it can create another.`)
}
