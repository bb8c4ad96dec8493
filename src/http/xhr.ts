import type { XhrConstructor } from '../platform/globals.ts'
import { brokenBody, noResponse, refuseStream } from './network-error.ts'
import type { ResolvedRequest } from './request.ts'
import { bodyTotal, httpErrorFrom, responseUrl } from './response.ts'
import { avoidSharedResponse, parseHeaders, xhrTextResponse } from './xhr-stream.ts'

/** How a request is sent with `XMLHttpRequest`, and who is told meanwhile. */
export interface XhrRequestOptions {
  readonly responseType: XMLHttpRequestResponseType
  readonly overrideMimeType?: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Bytes of the body that were handed to the network, and in all where that is known. */
  onSent?(loaded: number, total?: number): void
  /** The head of an answer that is no refusal. */
  onHead?(status: number, headers: Headers): void
  /** Bytes of the answer so far, and in all where that is known. */
  onReceived?(loaded: number, total?: number): void
}

/** An answer, read. */
export interface XhrResponse {
  /** Where it came from, redirects followed. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/**
 * Sends a request, and resolves with its answer.
 *
 * @throws HttpError on any status but 2xx; WireError of kind `network` if there is no answer, or not all of it; the
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
    const isUploadHeard = request.body !== null
    if (isUploadHeard) {
      xhr.upload.onprogress = ({ loaded, total, lengthComputable }) =>
        options.onSent?.(loaded, lengthComputable ? total : undefined)
    }
    let head: Omit<XhrResponse, 'body'> | undefined
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== xhr.HEADERS_RECEIVED) return
      head = {
        url: responseUrl(request, xhr.responseURL),
        status: xhr.status,
        headers: parseHeaders(xhr.getAllResponseHeaders()),
      }
      if (head.status >= 200 && head.status < 300) {
        options.onHead?.(head.status, head.headers)
        return
      }
      // A refusal is for people to read, whatever was asked for.
      xhr.responseType = 'text'
      httpErrorFrom(request, xhrTextResponse(xhr, request)).then(reject, reject)
    }
    xhr.onprogress = ({ loaded }) => {
      if (head !== undefined) options.onReceived?.(loaded, bodyTotal(head.headers, loaded))
    }
    xhr.onload = () => {
      if (head !== undefined) resolve({ ...head, body: xhr.response })
    }
    xhr.onerror = () => reject(head === undefined ? noResponse(request, { isUploadHeard }) : brokenBody(request))
    xhr.onabort = () => reject(signal.reason)
    xhr.send(request.body as Exclude<typeof request.body, ReadableStream>)
  })
}
