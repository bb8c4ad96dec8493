import type { XhrConstructor } from '../platform/globals.ts'
import { noteReadable } from './diagnostics/cors-advice.ts'
import { brokenBody, noResponse, refuseStream } from './network-error.ts'
import type { ResolvedRequest } from './request.ts'
import { bodyTotal, httpErrorFrom, responseUrl } from './response.ts'
import { avoidSharedResponse, parseHeaders, xhrTextResponse } from './xhr-stream.ts'

/** Options and callbacks of a request with `XMLHttpRequest`. */
export interface XhrRequestOptions {
  readonly responseType: XMLHttpRequestResponseType
  readonly overrideMimeType?: string | undefined
  /** For HTTP authentication, like `password`. */
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Receives the bytes of the request body that were sent, and the total if it is known. */
  onSent?(loaded: number, total?: number): void
  /** Receives the head of a 2xx response. */
  onHead?(status: number, headers: Headers): void
  /** Receives the bytes of the response so far, and the total if it is known. */
  onReceived?(loaded: number, total?: number): void
}

/** A response with its body. */
export interface XhrResponse {
  /** The final URL, after redirects. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/**
 * Sends a request with `XMLHttpRequest`, and resolves with its response.
 *
 * @throws HttpError for any status other than 2xx; WireError of kind `network` without a complete response; the
 *   signal's reason when it is aborted.
 */
export function requestByXhr(
  Xhr: XhrConstructor,
  request: ResolvedRequest,
  options: XhrRequestOptions,
  signal: AbortSignal,
): Promise<XhrResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    refuseStream(request, 'XHR')
    const xhr = new Xhr()
    signal.addEventListener('abort', () => xhr.abort(), { once: true })
    xhr.open(request.method, request.url, true, options.user, options.password)
    xhr.responseType = options.responseType
    xhr.withCredentials = request.credentials === 'include'
    if (options.overrideMimeType !== undefined) xhr.overrideMimeType(options.overrideMimeType)
    request.headers.forEach((value, name) => {
      xhr.setRequestHeader(name, value)
    })
    avoidSharedResponse(xhr, request)
    const listensToUpload = request.body !== null
    if (listensToUpload) {
      xhr.upload.onprogress = ({ loaded, total, lengthComputable }) =>
        options.onSent?.(loaded, lengthComputable ? total : undefined)
    }
    let head: Omit<XhrResponse, 'body'> | undefined
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== xhr.HEADERS_RECEIVED) return
      noteReadable(request)
      head = {
        url: responseUrl(request, xhr.responseURL),
        status: xhr.status,
        headers: parseHeaders(xhr.getAllResponseHeaders()),
      }
      if (head.status >= 200 && head.status < 300) {
        options.onHead?.(head.status, head.headers)
        return
      }
      // The body of an error is read as text, whatever the response type.
      xhr.responseType = 'text'
      httpErrorFrom(request, xhrTextResponse(xhr, request)).then(reject, reject)
    }
    xhr.onprogress = ({ loaded }) => {
      if (head !== undefined) options.onReceived?.(loaded, bodyTotal(head.headers, loaded))
    }
    xhr.onload = () => {
      if (head !== undefined) resolve({ ...head, body: xhr.response })
    }
    xhr.onerror = () => reject(head === undefined ? noResponse(request, { listensToUpload }) : brokenBody(request))
    xhr.onabort = () => reject(signal.reason)
    xhr.send(request.body as Exclude<typeof request.body, ReadableStream>)
  })
}
