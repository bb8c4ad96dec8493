import { callSync, isText } from '../../callback.ts'
import { WireError } from '../../errors.ts'
import { isFile } from '../../host-object.ts'
import type { SendUpload, UploadPosition, UploadProtocol, UploadResponse } from './protocol.ts'

/** Options of {@link offsetHeaders}. */
export interface OffsetHeadersOptions {
  /** Where a GET returns the offset. Resolved against the URL of the upload. Default: the URL of the upload. */
  readonly statusUrl?: string | undefined
  /** The method that sends the bytes. Default `'POST'`. */
  readonly method?: string | undefined
  /**
   * Whether to ask the server for its offset after each chunk that it has accepted. Default `true`, because a 2xx may
   * come from a login page, or from a server that stored only a part. Set it to `false` for a server that deletes
   * finished uploads.
   */
  readonly confirm?: boolean | undefined
  /** Returns the id that is sent to the server. Default: name, size and date of a `File`, a random id for a `Blob`. */
  readonly fileId?: ((file: Blob) => string) | undefined
}

/**
 * Returns the protocol that many self-written upload servers use. A GET with `X-File-Id` returns the number of stored
 * bytes as text. The rest of the file is sent with `X-File-Id`, `X-Start-Byte` and `X-File-Size`. An unknown file has 0
 * bytes. The protocol has no request that deletes an upload.
 *
 * @example
 * ```ts
 * import { fromUpload, offsetHeaders } from 'rxwire'
 *
 * declare const file: File
 *
 * fromUpload('/upload', file, { protocol: offsetHeaders({ statusUrl: '/upload/status' }) })
 * ```
 */
export function offsetHeaders({
  statusUrl,
  method = 'POST',
  confirm = true,
  fileId = defaultFileId,
}: OffsetHeadersOptions = {}): UploadProtocol {
  const getOffset = async (id: string, send: SendUpload): Promise<UploadPosition> => {
    const response = await send({
      method: 'GET',
      url: statusUrl,
      headers: { 'x-file-id': id, 'cache-control': 'no-cache' },
    })
    return { offset: parseOffset(response), response }
  }
  const append: UploadProtocol['append'] = async (id, offset, body, file, send) => {
    const headers = { 'x-file-id': id, 'x-start-byte': String(offset), 'x-file-size': String(file.size) }
    const response = await send({ method, headers, body })
    const sent = offset + body.size
    if (!confirm || body.size === 0) return { offset: sent, response }
    const { offset: confirmed } = await getOffset(id, send)
    if (confirmed <= offset) throw unconfirmed(response, sent, confirmed)
    return { offset: confirmed, response }
  }
  return {
    name: 'offset-headers',
    // The best-known server of this kind responds with 400 to a wrong X-Start-Byte.
    conflictStatuses: [400, 409, 416],
    create: async (file, send) => {
      // Files with the same id would continue each other's upload.
      const uploadUrl = encodeURIComponent(callSync('fileId', () => fileId(file), 'a text', isText))
      // An empty file has no chunk that would be sent later.
      const at = file.size === 0 ? await append(uploadUrl, 0, file, file, send) : await getOffset(uploadUrl, send)
      return { uploadUrl, at }
    },
    getOffset: (id, _, send) => getOffset(id, send),
    append,
  }
}

function defaultFileId(file: Blob): string {
  if (!isFile(file)) return `${file.size}-${Math.random().toString(36).slice(2)}`
  return `${file.name}-${file.size}-${file.lastModified}`
}

function unconfirmed({ status }: UploadResponse, sent: number, confirmed: number): WireError {
  return new WireError(
    'http',
    `The upload server responded with ${status} after ${sent} bytes were sent, but reports ${confirmed} stored ` +
      'bytes. The response may be from a login page. If the server deletes finished uploads, use ' +
      'offsetHeaders({ confirm: false }).',
  )
}

function parseOffset({ bodyText, status }: UploadResponse): number {
  const text = bodyText.trim()
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw new WireError(
    'http',
    `The upload server responded with ${status} and "${text.slice(0, 100)}" instead of the number of bytes it has ` +
      'stored.',
  )
}
