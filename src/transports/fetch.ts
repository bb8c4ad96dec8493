import { type Decode, inputOf, messageDecoder, requireDecode } from '../decoders/decode-message.ts'
import type { FetchInit } from '../http/fetch.ts'
import { requestByFetch } from '../http/fetch.ts'
import { bodyReaders, type FetchBodies } from '../http/read-body.ts'
import { type RequestWireOptions, requestWire } from '../http/request-wire.ts'
import { etagOf, requireEtag } from '../http/validators.ts'
import type { DecodeRequired, MessageOf, NeedsDecode } from '../message-type.ts'
import type { Implementations } from '../platform/globals.ts'
import type { Provider } from '../provider.ts'
import { requireOneOf, requirePositive } from '../validate.ts'
import type { Wire } from '../wire.ts'

/** Options of {@link fromFetch}. */
export interface FetchOptions<T, R extends keyof FetchBodies = keyof FetchBodies>
  extends RequestWireOptions,
    FetchInit,
    Pick<Implementations, 'fetch'> {
  /**
   * The type that the body is read as. Default `'json'`; an empty body is `undefined`. `'response'` delivers the
   * `Response` itself, unread and without progress.
   */
  readonly responseType?: R | undefined
  /**
   * Turns the body into the message: a function, or a synchronous Standard Schema. An error that it throws fails the
   * wire. Default: the body itself.
   */
  readonly decode?: Decode<FetchBodies[R], T> | undefined
  /** The maximum size of the body, in bytes. A longer one fails the wire with kind `overflow`. Default: no limit. */
  readonly maxBytes?: number | undefined
  /**
   * The ETag of the data that the caller has. If it is still current (304), the wire completes without a message.
   * Default: none.
   */
  readonly etag?: string | undefined
}

/** The options for any response type. */
type AnyFetchOptions<T> = Omit<FetchOptions<T>, 'decode'> & { readonly decode?: Decode<never, T> | undefined }

/**
 * Sends one request with `fetch` (Fetch Standard): `connecting`, `open`, `progress` of the download, `message`,
 * `close`. The id of the message is its ETag. Unsubscribing aborts the request.
 *
 * It fails with an `HttpError` on any status other than 2xx, and with a `WireError` of kind `network` without a
 * response, `timeout` after `timeoutMs`, and `decode` if the body is not of the expected type. `fetch` does not report
 * the progress of an upload; use `fromXhr` for that.
 *
 * @param url The URL, or a function that returns it for each attempt.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromFetch, json, messages } from 'rxwire'
 *
 * fromFetch('/me', { decode: json<{ name: string }>() })
 *   .pipe(messages())
 *   .subscribe(({ name }) => console.info(name))
 * ```
 */
export function fromFetch<T = never, R extends keyof FetchBodies = 'json'>(
  url: Provider<string | URL>,
  options?: NeedsDecode<FetchBodies[R], T, DecodeRequired<Decode<FetchBodies[R], T>>> & FetchOptions<T, R>,
): Wire<MessageOf<T, FetchBodies[R]>>
export function fromFetch<T>(url: Provider<string | URL>, options: AnyFetchOptions<T> = {}): Wire<T> {
  requireOneOf('responseType', options.responseType, Object.keys(bodyReaders))
  requirePositive('maxBytes', options.maxBytes)
  if (options.decode !== undefined) requireDecode(options.decode)
  requireEtag('etag', options.etag)
  // Without a decoder the body is the message.
  const decode =
    options.decode === undefined ? undefined : messageDecoder(options.decode, 'fail', inputOf(options.responseType))

  return requestWire<T>(url, options, () => async (request, attempt) => {
    const { etag, responseType } = options
    if (etag !== undefined) request.headers.set('if-none-match', etag)
    // The caller reads a delivered `Response` after the wire has completed, so the wire must not abort it then.
    const connecting = responseType === 'response' ? untilResponse(attempt.signal) : undefined
    const isAccepted = (status: number) => status === 304 && etag !== undefined
    const response = await requestByFetch(request, options, connecting?.signal ?? attempt.signal, isAccepted)
    const { status, headers } = response
    attempt.open({ status, headers })
    if (status === 304) {
      attempt.close({ reason: 'Not Modified', wasClean: true })
      return
    }
    connecting?.detach()
    const body = await response.read((loaded, total) => attempt.progress('download', loaded, total))
    attempt.message((decode === undefined ? body : decode(body as never)) as T, etagOf(headers))
    attempt.close({ wasClean: true })
  })
}

/** Returns a signal that is aborted with another one, until it is detached. */
function untilResponse(signal: AbortSignal): { readonly signal: AbortSignal; detach(): void } {
  const own = new AbortController()
  const abort = () => own.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return { signal: own.signal, detach: () => signal.removeEventListener('abort', abort) }
}
