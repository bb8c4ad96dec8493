import { createWire } from '../../engine/reconnecting.ts'
import { cancelPolicy, type ReconnectPolicy, streamPolicy, uploadPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireUploadOptions } from './check-options.ts'
import type { UploadOptions } from './options.ts'
import type { OwnUpload } from './stored-upload.ts'
import { uploadSubscription } from './subscription.ts'
import { UploadAttempt, type Uploaded } from './upload-attempt.ts'

/**
 * Uploads a file, and resumes it after a lost connection or a page reload. Emits `connecting`, `open`, `progress` with
 * the bytes that were sent (`loaded`, which never decreases) and those that the server has confirmed (`acknowledged`),
 * then one `message` and `close`.
 *
 * Unsubscribing pauses the upload, subscribing again resumes it: the upload URL is stored under the fingerprint of the
 * file until the upload is finished. The offset that the server reports is authoritative. Bytes that the server does
 * not have are sent again, and an upload that it no longer has (404, 410) starts over.
 *
 * A failure that may pass becomes `waiting` and is retried without a limit. Any other failure is an `HttpError`, or a
 * `WireError` of kind `network` if the file can no longer be read. To end an upload for good, see {@link cancelUpload}.
 *
 * @param url Where uploads are created, or a function that returns the URL for each request.
 * @param file What to upload.
 * @param options See {@link UploadOptions}. `protocol` is required.
 * @throws TypeError if the url, the file or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromUpload, progress, tus } from 'rxwire'
 *
 * declare const file: File
 *
 * const upload = fromUpload('/files', file, { protocol: tus() }).pipe(progress())
 * const running = upload.subscribe(({ fraction = 0 }) => console.info(`${Math.round(fraction * 100)} %`))
 * running.unsubscribe() // pause; subscribe again to resume
 * ```
 */
export function fromUpload(url: Provider<string | URL>, file: Blob, options: UploadOptions): Wire<Uploaded> {
  return uploadWire(url, file, options, uploadPolicy, (attempt) => attempt.run())
}

/**
 * Cancels an upload that was started. Asks the server to delete it if the protocol supports that (`tus()` with
 * `termination`), then removes its stored URL. If the server does not confirm it, the URL stays, and another call can ask
 * again. Emits `connecting`, `open` if a request was sent, and `close`. A failed request, also one that finds the upload
 * locked (423), is retried up to five times. Unsubscribe from the upload before you cancel it.
 *
 * @param url The URL that was passed to {@link fromUpload}. The URL, the file and the options identify the upload.
 * @param file The file that was passed to {@link fromUpload}.
 * @param options The options that were passed to {@link fromUpload}.
 * @throws TypeError if the url, the file or an option is invalid.
 *
 * @example
 * ```ts
 * import { cancelUpload, tus } from 'rxwire'
 *
 * declare const file: File
 *
 * cancelUpload('/files', file, { protocol: tus() }).subscribe()
 * ```
 */
export function cancelUpload(url: Provider<string | URL>, file: Blob, options: UploadOptions): Wire<never> {
  return uploadWire(url, file, options, cancelPolicy, (attempt) => attempt.cancel()) as Wire<never>
}

function uploadWire(
  url: Provider<string | URL>,
  file: Blob,
  options: UploadOptions,
  policyOf: (policy: ReconnectPolicy | undefined) => ReconnectPolicy,
  act: (attempt: UploadAttempt) => Promise<void>,
): Wire<Uploaded> {
  requireUploadOptions(url, file, options)
  const policy = options.reconnect === false ? streamPolicy(false) : policyOf(options.reconnect)
  const own: OwnUpload = { uploadUrl: undefined }
  return createWire((memory) => {
    const upload = uploadSubscription(url, file, options, memory, own)
    return (attempt) => act(new UploadAttempt(upload, attempt))
  }, policy)
}
