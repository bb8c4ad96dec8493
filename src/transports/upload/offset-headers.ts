import { WireError } from '../../errors.ts'
import { isFile } from '../../host-object.ts'
import type { SendUpload, UploadPosition, UploadProtocol, UploadResponse } from './protocol.ts'

/** Options of {@link offsetHeaders}. */
export interface OffsetHeadersOptions {
  /** Where the server says how far it is, on a GET. Default: the address of the upload. May be relative to it. */
  readonly statusUrl?: string | undefined
  /** How the bytes are sent. Default `'POST'`. */
  readonly method?: string | undefined
  /**
   * Whether the server is asked what it has after each piece that it has taken. Default `true`: a 2xx may come from a
   * login, or from a server that has kept only a part. `false` for one that forgets what is finished.
   */
  readonly confirm?: boolean | undefined
  /** What the server knows the file by. Default: its name, size and date; for a `Blob` that has none, a random id. */
  readonly fileId?: ((file: Blob) => string) | undefined
}

/**
 * The plain scheme of many home-made servers: a GET with `X-File-Id` is answered with the number of bytes that are
 * there, as text; the rest is sent with `X-File-Id`, `X-Start-Byte` and `X-File-Size`. An unknown file has 0 bytes. Such
 * a server cannot be told to forget an upload.
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
  fileId = idOf,
}: OffsetHeadersOptions = {}): UploadProtocol {
  const ask = async (id: string, send: SendUpload): Promise<UploadPosition> => {
    const answer = await send({ method: 'GET', url: statusUrl, headers: { 'x-file-id': id } })
    return { offset: numberIn(answer), answer }
  }
  const append: UploadProtocol['append'] = async (id, offset, body, file, send) => {
    const headers = { 'x-file-id': id, 'x-start-byte': String(offset), 'x-file-size': String(file.size) }
    const answer = await send({ method, headers, body })
    const sent = offset + body.size
    if (!confirm || body.size === 0) return { offset: sent, answer }
    const { offset: confirmed } = await ask(id, send)
    if (confirmed <= offset) throw unconfirmed(answer, sent, confirmed)
    return { offset: confirmed, answer }
  }
  return {
    name: 'offset-headers',
    // The scheme's best known server says 400 to a wrong start.
    conflicts: [400, 409, 416],
    begin: async (file, send) => {
      const location = encodeURIComponent(fileId(file))
      // Of an empty file the server would never hear otherwise.
      const at = file.size === 0 ? await append(location, 0, file, file, send) : await ask(location, send)
      return { location, at }
    },
    ask: (id, _, send) => ask(id, send),
    append,
  }
}

function idOf(file: Blob): string {
  if (!isFile(file)) return `${file.size}-${Math.random().toString(36).slice(2)}`
  return `${file.name}-${file.size}-${file.lastModified}`
}

function unconfirmed({ status }: UploadResponse, sent: number, confirmed: number): WireError {
  return new WireError(
    'http',
    `The upload server answered ${status} to ${sent} bytes, and says that it has ${confirmed}. Has a login answered in its ` +
      'place? If it forgets what is finished, say so: offsetHeaders({ confirm: false }).',
  )
}

function numberIn({ bodyText, status }: UploadResponse): number {
  const text = bodyText.trim()
  if (/^\d+$/.test(text)) return Number(text)
  throw new WireError(
    'http',
    `The upload server answered ${status} with "${text.slice(0, 100)}" instead of the number of bytes that it has.`,
  )
}
