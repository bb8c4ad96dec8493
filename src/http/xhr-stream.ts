import { CloseError } from '../errors.ts'
import type { XhrConstructor } from '../platform/globals.ts'
import { brokenBody, noResponse, refuseStream } from './network-error.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'
import { type OpenText, responseUrl, type TextResponse } from './response.ts'

// XHR keeps the whole text of a response in memory until the request ends, so past the first limit the connection is
// given up at the end of a block, and past the second anywhere. The text is looked at with each progress event: what
// arrives between two of them (50 ms apart in browsers) comes on top.
const ENOUGH_LENGTH = 4 * 1024 * 1024
const TOO_MUCH_LENGTH = 12 * 1024 * 1024

/**
 * The text of a response through `XMLHttpRequest`, for hosts whose `fetch` cannot stream. A long stream is given
 * up now and then with a retryable `CloseError`, to be gone on with by another request.
 */
export function openTextByXhr(Xhr: XhrConstructor): OpenText {
  return (request, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      refuseStream(request, 'XHR')
      const xhr = new Xhr()
      signal.addEventListener('abort', () => xhr.abort(), { once: true })
      xhr.open(request.method, request.url)
      // [spec] An event stream is UTF-8, whatever charset its header claims.
      xhr.overrideMimeType('text/plain; charset=utf-8')
      xhr.withCredentials = request.credentials === 'include'
      request.headers.forEach((value, name) => {
        xhr.setRequestHeader(name, value)
      })
      avoidSharedResponse(xhr, request)
      xhr.onerror = () => reject(noResponse(request))
      xhr.onabort = () => reject(signal.reason)
      xhr.onreadystatechange = () => {
        if (xhr.readyState !== xhr.HEADERS_RECEIVED) return
        resolve(xhrTextResponse(xhr, request))
      }
      xhr.send(request.body as Exclude<typeof request.body, ReadableStream>)
    })
}

/** A response whose head has come, to be read as text while the rest arrives. */
export function xhrTextResponse(xhr: InstanceType<XhrConstructor>, request: ResolvedRequest): TextResponse {
  return {
    status: xhr.status,
    statusText: xhr.statusText,
    headers: parseHeaders(xhr.getAllResponseHeaders()),
    url: responseUrl(request, xhr.responseURL),
    read: (onText) => readText(xhr, request, onText),
  }
}

function readText(
  xhr: InstanceType<XhrConstructor>,
  request: ResolvedRequest,
  onText: Parameters<TextResponse['read']>[0],
): Promise<void> {
  return new Promise((resolve, reject) => {
    let taken = 0
    const finish = (settle: () => void) => {
      xhr.onprogress = xhr.onload = xhr.onerror = xhr.onabort = null
      settle()
      // Frees the text; after the end it does nothing.
      xhr.abort()
    }
    const take = (loaded: number): string => {
      const text = xhr.responseText
      const piece = text.slice(taken)
      taken = text.length
      try {
        if (piece !== '') onText(piece, loaded)
      } catch (error) {
        finish(() => reject(error))
      }
      return text
    }
    const end = (loaded: number) => {
      take(loaded)
      finish(resolve)
    }
    xhr.onprogress = (event) => {
      if (isTooLong(take(event.loaded))) finish(() => reject(heldEnough(request)))
    }
    xhr.onload = (event) => end(event.loaded)
    xhr.onerror = xhr.onabort = () => finish(() => reject(brokenBody(request)))
    // What came between the head and this call is there already, and may be all there is.
    if (xhr.readyState === xhr.DONE) end(xhr.responseText.length)
  })
}

function isTooLong(text: string): boolean {
  if (text.length < ENOUGH_LENGTH) return false
  return text.length >= TOO_MUCH_LENGTH || ['\n\n', '\r\r', '\r\n\r\n'].some((end) => text.endsWith(end))
}

function heldEnough(request: ResolvedRequest): CloseError {
  return new CloseError(
    `${request.method} ${shownUrl(request)} has sent as much as XHR should hold in memory. Where it cannot be gone on ` +
      'with by another request, use the engine `fetch`.',
    { wasClean: true, retryable: true },
  )
}

export function parseHeaders(lines: string): Headers {
  const headers = new Headers()
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return headers
}

/** How many GETs are under way, by url. */
const underWay = new Map<string, number>()
let companions = 0

/**
 * Gives a GET by XHR an answer of its own, also while another one for the same url is under way. WebKit answers equal
 * ones together, over one connection: whoever came late to a stream would be given its past as if it were new.
 *
 * @param xhr Opened, and not sent yet.
 */
export function avoidSharedResponse(xhr: InstanceType<XhrConstructor>, { method, url }: ResolvedRequest): void {
  if (method !== 'GET') return
  const count = () => underWay.get(url) ?? 0
  // It has no body whose language this could be. Of the headers that make a request another one, only those of
  // languages may be sent to another origin without asking it first.
  if (count() > 0) xhr.setRequestHeader('content-language', `x-${++companions}`)
  underWay.set(url, count() + 1)
  xhr.addEventListener('readystatechange', () => {
    if (xhr.readyState !== xhr.DONE) return
    if (count() > 1) underWay.set(url, count() - 1)
    else underWay.delete(url)
  })
}
