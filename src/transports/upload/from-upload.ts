import { createWire } from '../../engine/reconnecting.ts'
import { type ReconnectPolicy, requestPolicy, streamPolicy, uploadPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireUploadOptions, type UploadOptions } from './options.ts'
import { uploadSubscription } from './subscription.ts'
import { UploadAttempt, type Uploaded } from './upload-attempt.ts'

/**
 * Uploads a file so that neither a cut nor a page that is loaded again loses what the server has: `connecting`, `open`,
 * `progress` with what was sent (`loaded`, which never goes back) and what the server has confirmed (`acknowledged`),
 * then one `message` and `close`.
 *
 * Unsubscribing pauses it, subscribing again goes on: where it was begun is remembered by the file's fingerprint until
 * it is finished. The server's offset is the truth: what it has not got is sent again, and what it has forgotten (404,
 * 410) is begun anew. A failure that may pass becomes `waiting`, for as long as it takes; others fail with an
 * `HttpError`, or a `WireError` of kind `network` if the file cannot be read any more. To end it for good, see
 * {@link cancelUpload}.
 *
 * @param url Where uploads are announced, or a function that says so for each request.
 * @param file What to upload.
 * @throws TypeError if the url, the file or an option makes no sense.
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
  return uploading(url, file, options, uploadPolicy, (attempt) => attempt.run())
}

/**
 * Ends an upload that was begun: the server is asked to forget it where the protocol can (`tus()` with `termination`),
 * and it is remembered no more, whatever the server says. `connecting`, `open` if there was something to ask, `close`.
 * Like any request it is tried again twice. First leave the upload itself.
 *
 * @param url The same as for {@link fromUpload}, as are the file and the options: by them it is found.
 * @throws TypeError if the url, the file or an option makes no sense.
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
  return uploading(url, file, options, requestPolicy, (attempt) => attempt.cancel()) as Wire<never>
}

function uploading(
  url: Provider<string | URL>,
  file: Blob,
  options: UploadOptions,
  policyOf: (given: ReconnectPolicy | undefined) => ReconnectPolicy,
  act: (attempt: UploadAttempt) => Promise<void>,
): Wire<Uploaded> {
  requireUploadOptions(url, file, options)
  const policy = options.reconnect === false ? streamPolicy(false) : policyOf(options.reconnect)
  return createWire(() => {
    const upload = uploadSubscription(url, file, options)
    return (attempt) => act(new UploadAttempt(upload, attempt))
  }, policy)
}
