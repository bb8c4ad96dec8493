/** One request of a protocol. The caller's headers are added to it. */
export interface UploadRequest {
  readonly method: string
  /** Resolved against the URL that was passed to `fromUpload`. Default: that URL. */
  readonly url?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: Blob | undefined
}

/** The response to an {@link UploadRequest}. */
export interface UploadResponse {
  /** The URL of the response, after redirects. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly bodyText: string
}

/**
 * Sends a request of a protocol.
 *
 * @throws HttpError for any status other than 2xx, WireError of kind `network` or `timeout` without a response.
 */
export type SendUpload = (request: UploadRequest) => Promise<UploadResponse>

/** How many bytes the server has, and the response that reported it. */
export interface UploadPosition {
  readonly offset: number
  readonly response: UploadResponse
}

/**
 * How client and server transfer a file in an upload that can be resumed. The library has `tus()` and
 * `offsetHeaders()`; implement this interface for another protocol. The offset that the server reports is
 * authoritative: the client makes no assumption about what the server has stored.
 */
export interface UploadProtocol {
  /** Part of the key under which an upload is stored. */
  readonly name: string
  /** The URL of the upload, if it was created elsewhere. */
  readonly uploadUrl?: string | undefined
  /** Statuses that mean that the offset was wrong. The client then asks for the offset again. */
  readonly conflictStatuses: readonly number[]
  /**
   * Creates an upload for a file.
   *
   * @returns The URL of the upload, and how many bytes the server has.
   */
  create(file: Blob, send: SendUpload): Promise<{ readonly uploadUrl: string; readonly at: UploadPosition }>
  /**
   * Asks the server how many bytes it has. Resolves with `undefined` if the upload does not exist or is of another
   * file. A rejection with status 404 or 410 means the same.
   */
  getOffset(uploadUrl: string, file: Blob, send: SendUpload): Promise<UploadPosition | undefined>
  /** Sends a chunk of the file, starting at `offset`. */
  append(uploadUrl: string, offset: number, chunk: Blob, file: Blob, send: SendUpload): Promise<UploadPosition>
  /** Asks the server to delete an upload. Absent if the protocol does not support it. */
  terminate?(uploadUrl: string, send: SendUpload): Promise<void>
}
