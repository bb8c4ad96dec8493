import { CloseError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { pageOrigin, type XhrConstructor } from '../platform/globals.ts'
import { noteReadable } from './diagnostics/cors-advice.ts'
import { brokenBody, noResponse, refuseStream } from './network-error.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'
import { type OpenText, responseUrl, type TextResponse } from './response.ts'

// XHR keeps the whole text of a response in memory until the request ends. Above the soft limit the request ends at the
// next end of a block, above the hard limit anywhere. The length is checked on each progress event (every 50 ms in
// browsers), so the text may exceed a limit by the data of one interval.
const SOFT_MAX_LENGTH = 4 * 1024 * 1024
const HARD_MAX_LENGTH = 12 * 1024 * 1024
// Some engines copy the whole text for each access, so reading it on every progress event would take time that grows
// with the square of its length. The next access waits this many times as long as the last one took.
const WAIT_PER_READ = 4

/**
 * Returns a function that opens text responses with `XMLHttpRequest`, for hosts whose `fetch` cannot stream. A long
 * stream ends with a retryable `CloseError` when the buffer is full, so that another request can resume it.
 */
export function openTextByXhr(Xhr: XhrConstructor): OpenText {
  return (request, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      refuseStream(request, 'XHR')
      const xhr = new Xhr()
      signal.addEventListener('abort', () => xhr.abort(), { once: true })
      xhr.open(request.method, request.url)
      // [spec] HTML §9.2.6: an event stream is UTF-8, whatever charset its header has.
      xhr.overrideMimeType('text/plain; charset=utf-8')
      xhr.withCredentials = request.credentials === 'include'
      request.headers.forEach((value, name) => {
        xhr.setRequestHeader(name, value)
      })
      avoidSharedResponse(xhr, request)
      // A cached response would replay an old stream. Across origins the header would cause a preflight.
      if (new URL(request.url).origin === pageOrigin()) xhr.setRequestHeader('cache-control', 'no-cache')
      xhr.onerror = () => reject(noResponse(request))
      xhr.onabort = () => reject(signal.reason)
      xhr.onreadystatechange = () => {
        if (xhr.readyState !== xhr.HEADERS_RECEIVED) return
        noteReadable(request)
        resolve(xhrTextResponse(xhr, request))
      }
      xhr.send(request.body as Exclude<typeof request.body, ReadableStream>)
    })
}

/** Wraps an XHR whose head was received, to read its text while it arrives. */
export function xhrTextResponse(xhr: InstanceType<XhrConstructor>, request: ResolvedRequest): TextResponse {
  return {
    status: xhr.status,
    statusText: xhr.statusText,
    headers: parseHeaders(xhr.getAllResponseHeaders()),
    url: responseUrl(request, xhr.responseURL),
    read: (onText) => readXhrText(xhr, request, onText),
  }
}

function readXhrText(
  xhr: InstanceType<XhrConstructor>,
  request: ResolvedRequest,
  onText: Parameters<TextResponse['read']>[0],
): Promise<void> {
  return new Promise((resolve, reject) => {
    let readLength = 0
    let loadedBytes = 0
    let mayReadAtMs = 0
    let cancelRead: (() => void) | undefined
    const finish = (settle: () => void) => {
      cancelRead?.()
      xhr.onprogress = xhr.onload = xhr.onerror = xhr.onabort = null
      settle()
      // Frees the text. Has no effect after the end.
      xhr.abort()
    }
    const readNew = (): string => {
      const startedMs = now()
      const text = xhr.responseText
      const piece = text.slice(readLength)
      mayReadAtMs = now() + WAIT_PER_READ * (now() - startedMs)
      readLength = text.length
      try {
        if (piece !== '') onText(piece, loadedBytes)
      } catch (error) {
        finish(() => reject(error))
      }
      return text
    }
    const readPart = () => {
      cancelRead?.()
      cancelRead = undefined
      if (isTooLong(readNew())) finish(() => reject(bufferFull(request)))
    }
    const end = (loaded: number) => {
      loadedBytes = loaded
      readNew()
      finish(resolve)
    }
    xhr.onprogress = (event) => {
      loadedBytes = event.loaded
      const waitMs = mayReadAtMs - now()
      // Above the soft limit each look may end the request.
      if (waitMs <= 0 || event.loaded >= SOFT_MAX_LENGTH) readPart()
      else cancelRead ??= after(waitMs, readPart)
    }
    xhr.onload = (event) => end(event.loaded)
    xhr.onerror = xhr.onabort = () => finish(() => reject(brokenBody(request)))
    // The response may have ended between its head and this call.
    if (xhr.readyState === xhr.DONE) end(xhr.responseText.length)
  })
}

function isTooLong(text: string): boolean {
  if (text.length < SOFT_MAX_LENGTH) return false
  return text.length >= HARD_MAX_LENGTH || ['\n\n', '\r\r', '\r\n\r\n'].some((end) => text.endsWith(end))
}

function bufferFull(request: ResolvedRequest): CloseError {
  return new CloseError(
    `${request.method} ${shownUrl(request)} filled the buffer of XHR. If another request cannot resume it, use ` +
      '`fetch`.',
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

/** How many GET requests are in progress, by URL. */
const inProgress = new Map<string, number>()
let duplicates = 0

/**
 * Gives a GET by XHR a response of its own while another one for the same URL is in progress. WebKit shares one
 * response between equal requests, so the second reader of a stream would receive its past events as new ones.
 *
 * @param xhr An opened request that has not been sent.
 */
export function avoidSharedResponse(xhr: InstanceType<XhrConstructor>, { method, url }: ResolvedRequest): void {
  if (method !== 'GET') return
  const count = () => inProgress.get(url) ?? 0
  // A GET has no body, so `content-language` has no meaning. Of the headers that make requests differ, only the
  // language headers need no preflight.
  if (count() > 0) xhr.setRequestHeader('content-language', `x-${++duplicates}`)
  inProgress.set(url, count() + 1)
  xhr.addEventListener('readystatechange', () => {
    if (xhr.readyState !== xhr.DONE) return
    if (count() > 1) inProgress.set(url, count() - 1)
    else inProgress.delete(url)
  })
}
