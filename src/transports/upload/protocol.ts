/** One request of a protocol. The headers of the caller are added to it. */
export interface UploadRequest {
  readonly method: string
  /** Default: the address that the upload was given. May be relative to it. */
  readonly url?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: Blob | undefined
}

/** What came back. */
export interface UploadResponse {
  /** Where it came from, redirects followed. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly bodyText: string
}

/**
 * Sends a request of a protocol.
 *
 * @throws HttpError on any status but 2xx, WireError of kind `network` or `timeout` without an answer.
 */
export type SendUpload = (request: UploadRequest) => Promise<UploadResponse>

/** How far the server has got, by its own account, and the answer that said so. */
export interface UploadPosition {
  readonly offset: number
  readonly answer: UploadResponse
}

/**
 * How a client and a server speak of an upload that may be interrupted. `tus()` and `offsetHeaders()` are two; another
 * one is an object like this. The server's offset is the truth: nothing is assumed about what it has.
 */
export interface UploadProtocol {
  /** Part of what a begun upload is remembered by. */
  readonly name: string
  /** Where the upload is already, if somebody else has begun it. */
  readonly location?: string | undefined
  /** Statuses that mean: the server is not where you think it is, ask again. */
  readonly conflicts: readonly number[]
  /**
   * Announces a file.
   *
   * @returns Where it is from now on, and what the server has of it.
   */
  begin(file: Blob, send: SendUpload): Promise<{ readonly location: string; readonly at: UploadPosition }>
  /** Asks how far an upload is. `undefined`: it is not there, or not this file's. A 404 or 410 says so by itself. */
  ask(location: string, file: Blob, send: SendUpload): Promise<UploadPosition | undefined>
  /** Sends a piece of the file, from a byte on. */
  append(location: string, offset: number, piece: Blob, file: Blob, send: SendUpload): Promise<UploadPosition>
  /** Has the server forget an upload. Absent where a protocol cannot. */
  terminate?(location: string, send: SendUpload): Promise<void>
}
