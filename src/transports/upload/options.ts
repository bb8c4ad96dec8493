import type { RequestOptions } from '../../http/request.ts'
import type { Implementations } from '../../platform/globals.ts'
import type { KeyValueStorage } from '../../platform/storage.ts'
import type { ReconnectPolicy } from '../../policy/retry-policy.ts'
import type { UploadProtocol } from './protocol.ts'

/** Options of `fromUpload` and `cancelUpload`. */
export interface UploadOptions
  extends Pick<RequestOptions, 'baseUrl' | 'query' | 'headers' | 'credentials' | 'credentialOrigins'>,
    Pick<Implementations, 'fetch' | 'XMLHttpRequest'> {
  /** The protocol of the server: `tus()`, `offsetHeaders()`, or an implementation of {@link UploadProtocol}. */
  readonly protocol: UploadProtocol
  /**
   * The largest chunk that is sent in one request, in bytes. Default: the whole rest of the file, which is fastest. Set
   * it if a proxy limits the size of a request. After a 413, chunks get smaller with any setting.
   */
  readonly chunkBytes?: number | undefined
  /**
   * How long a request may make no progress before it fails, in milliseconds. Default 30,000. `fetch`, which sends
   * where XHR does not exist, does not report the progress of a body: such a request has no limit.
   */
  readonly stallTimeoutMs?: number | undefined
  /**
   * Where the upload URL is stored, so that an upload resumes after a page reload. Default `localStorage`; `false`
   * stores nothing.
   */
  readonly storage?: KeyValueStorage | false | undefined
  /**
   * How long the upload URL is stored, in milliseconds. Default 86,400,000 (one day). Set it to how long the server
   * keeps unfinished uploads.
   */
  readonly rememberForMs?: number | undefined
  /**
   * Returns what identifies the upload of a file; `undefined` does not store its URL. Default: the URL with its query,
   * and name, type, size and date of a `File`. A `Blob` has no name or date, and a URL that is a function may change:
   * by default, their uploads are not stored.
   */
  readonly fingerprint?: ((file: Blob) => string | undefined | Promise<string | undefined>) | undefined
  /**
   * How to retry after a failure. Default: without a limit, and only bytes that the server has confirmed reset the
   * count of failures. `cancelUpload` retries five times by default. `false` never retries.
   */
  readonly reconnect?: ReconnectPolicy | false | undefined
}
