import type { XhrConstructor } from '../platform/implementations.ts'
import { broken, unanswered } from './network-error.ts'
import type { OpenText, TextResponse } from './text-response.ts'

// XHR keeps the whole text of a response in memory until the request ends. It is looked at with each progress
// event, so what arrives between two of them (50 ms apart in browsers) comes on top.
const ROTATE_LENGTH = 4 * 1024 * 1024

/**
 * The text of a response through `XMLHttpRequest`, for hosts whose `fetch` cannot stream. Its text only ever
 * grows, so past 4 Mi characters it asks to be replaced by a new request, at the end of a block if one comes
 * soon, and anywhere once there are `maxEventLength` more.
 */
export function openTextByXhr(Xhr: XhrConstructor, maxEventLength: number): OpenText {
  const mustRotateLength = ROTATE_LENGTH + maxEventLength
  return (request, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const xhr = new Xhr()
      signal.addEventListener('abort', () => xhr.abort(), { once: true })
      xhr.open(request.method, request.url)
      // [spec] An event stream is UTF-8, whatever charset its header claims.
      xhr.overrideMimeType('text/plain; charset=utf-8')
      xhr.withCredentials = request.credentials === 'include'
      request.headers.forEach((value, name) => {
        xhr.setRequestHeader(name, value)
      })
      xhr.onerror = () => reject(unanswered(request))
      xhr.onabort = () => reject(signal.reason)
      xhr.onreadystatechange = () => {
        if (xhr.readyState !== xhr.HEADERS_RECEIVED) return
        resolve({
          status: xhr.status,
          statusText: xhr.statusText,
          headers: parseHeaders(xhr.getAllResponseHeaders()),
          url: xhr.responseURL === '' ? request.url : xhr.responseURL,
          read: (onText) => readText(xhr, mustRotateLength, onText, () => broken(request)),
        })
      }
      // A stream as the request body is refused when the options are checked, or sent by fetch.
      xhr.send(request.body as Exclude<typeof request.body, ReadableStream>)
    })
}

function readText(
  xhr: InstanceType<XhrConstructor>,
  mustRotateLength: number,
  onText: Parameters<TextResponse['read']>[0],
  failure: () => Error,
): Promise<'end' | 'rotate'> {
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
      finish(() => resolve('end'))
    }
    xhr.onprogress = (event) => {
      if (isTooLong(take(event.loaded), mustRotateLength)) finish(() => resolve('rotate'))
    }
    xhr.onload = (event) => end(event.loaded)
    xhr.onerror = xhr.onabort = () => finish(() => reject(failure()))
    // What came between the head and this call is there already, and may be all there is.
    if (xhr.readyState === xhr.DONE) end(xhr.responseText.length)
  })
}

/** Past the first limit at the end of a block, past the second anywhere. */
function isTooLong(text: string, mustRotateLength: number): boolean {
  if (text.length < ROTATE_LENGTH) return false
  return text.length >= mustRotateLength || ['\n\n', '\r\r', '\r\n\r\n'].some((end) => text.endsWith(end))
}

function parseHeaders(lines: string): Headers {
  const headers = new Headers()
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return headers
}
