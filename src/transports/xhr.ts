import type { Attempt } from '../attempt.ts'
import { type Decode, inputOf, messageDecoder, requireDecode } from '../decoders/decode-message.ts'
import { WireError } from '../errors.ts'
import { isTooLarge, parseJson, tooLarge } from '../http/read-body.ts'
import type { HttpAuthentication, ResolvedRequest } from '../http/request.ts'
import { shownUrl } from '../http/request.ts'
import { type RequestWireOptions, requestWire } from '../http/request-wire.ts'
import { requestByXhr, type XhrRequestOptions } from '../http/xhr.ts'
import type { DecodeRequired, MessageOf, NeedsDecode } from '../message-type.ts'
import { type Implementations, xmlHttpRequest } from '../platform/globals.ts'
import type { Provider } from '../provider.ts'
import { requireOneOf, requirePositive } from '../validate.ts'
import type { Wire } from '../wire.ts'

/** The types that a response can be read as. */
export interface XhrBodies {
  readonly json: unknown
  readonly text: string
  readonly blob: Blob
  readonly arraybuffer: ArrayBuffer
  readonly document: Document
}

/** Options of {@link fromXhr}. */
export interface XhrOptions<T, R extends keyof XhrBodies = keyof XhrBodies>
  extends RequestWireOptions,
    HttpAuthentication,
    Pick<Implementations, 'XMLHttpRequest'> {
  /** The type that the body is read as. Default `'json'`; an empty body is `undefined`. */
  readonly responseType?: R | undefined
  /**
   * Turns the body into the message: a function, or a synchronous Standard Schema. An error that it throws fails the
   * wire. Default: the body itself.
   */
  readonly decode?: Decode<XhrBodies[R], T> | undefined
  /** The maximum size of the body, in bytes. A longer one fails the wire with kind `overflow`. Default: no limit. */
  readonly maxBytes?: number | undefined
  /** The name that XHR has for `credentials: 'include'`. Default `false`. */
  readonly withCredentials?: boolean | undefined
  /** Reads the response as if it had this `Content-Type`. Default: the type that the server sends. */
  readonly overrideMimeType?: string | undefined
}

/** The options for any response type. */
type AnyXhrOptions<T> = Omit<XhrOptions<T>, 'decode'> & { readonly decode?: Decode<never, T> | undefined }

/**
 * Sends one request with `XMLHttpRequest` (XMLHttpRequest Standard) and reports the progress of both directions:
 * `connecting`, `progress` of the upload, `open`, `progress` of the download, `message`, `close`. Unsubscribing aborts
 * the request.
 *
 * It fails with an `HttpError` on any status other than 2xx, and with a `WireError` of kind `network` without a
 * response, `timeout` after `timeoutMs`, and `decode` if the body is not of the expected type.
 *
 * Listening to the progress of an upload causes a preflight across origins. The synchronous mode is not supported: it
 * blocks the page, and browsers are removing it.
 *
 * @param url The URL, or a function that returns it for each attempt.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromXhr, progress } from 'rxwire'
 *
 * declare const file: File
 *
 * fromXhr('/files', { method: 'POST', body: file })
 *   .pipe(progress())
 *   .subscribe(({ direction, fraction = 0 }) => console.info(direction, fraction))
 * ```
 */
export function fromXhr<T = never, R extends keyof XhrBodies = 'json'>(
  url: Provider<string | URL>,
  options?: NeedsDecode<XhrBodies[R], T, DecodeRequired<Decode<XhrBodies[R], T>>> & XhrOptions<T, R>,
): Wire<MessageOf<T, XhrBodies[R]>>
export function fromXhr<T>(url: Provider<string | URL>, options: AnyXhrOptions<T> = {}): Wire<T> {
  requireOneOf('responseType', options.responseType, ['json', 'text', 'blob', 'arraybuffer', 'document'])
  requirePositive('maxBytes', options.maxBytes)
  if (options.decode !== undefined) requireDecode(options.decode)
  // Without a decoder the body is the message.
  const decode =
    options.decode === undefined ? undefined : messageDecoder(options.decode, 'fail', inputOf(options.responseType))

  if (options.credentials === 'omit')
    throw new TypeError("credentials: 'omit' needs fromFetch, because XHR does not support it")
  const { withCredentials } = options
  const credentials = withCredentials === undefined ? options.credentials : withCredentials ? 'include' : 'same-origin'

  return requestWire<T>(url, { ...options, credentials }, () => async (request, attempt) => {
    const body = await send(request, options, attempt)
    attempt.message((decode === undefined ? body : decode(body as never)) as T)
    attempt.close({ wasClean: true })
  })
}

/** Sends the request, reports its progress, and resolves with the body. */
async function send<T>(request: ResolvedRequest, options: AnyXhrOptions<T>, attempt: Attempt<T>): Promise<unknown> {
  const Xhr = xmlHttpRequest(options)
  if (Xhr === undefined)
    throw new WireError('network', 'This host has no XMLHttpRequest. Pass one as the option XMLHttpRequest.')
  const { responseType = 'json', overrideMimeType, user, password } = options
  const sending: XhrRequestOptions = {
    // Parsed below, where an error can be reported. JSON is UTF-8, whatever charset the header has.
    responseType: responseType === 'json' ? 'arraybuffer' : responseType,
    overrideMimeType,
    user,
    password,
    onSent: (loaded, total) => attempt.progress('upload', loaded, total),
    onHead: (status, headers) => attempt.open({ status, headers }),
    onReceived: (loaded, total) => {
      if (isTooLarge(loaded, options.maxBytes)) attempt.fail(tooLarge(request, options.maxBytes))
      else attempt.progress('download', loaded, total)
    },
  }
  const { body } = await requestByXhr(Xhr, request, sending, attempt.signal)
  if (responseType === 'json') return parseJson(request, new TextDecoder().decode(body as ArrayBuffer))
  if (responseType === 'document' && body === null) throw noDocument(request)
  return body
}

function noDocument(request: ResolvedRequest): WireError {
  return new WireError('decode', `${request.method} ${shownUrl(request)} sent a body that is not a document.`)
}
