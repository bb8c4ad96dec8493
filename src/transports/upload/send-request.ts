import { StallWatch } from '../../engine/stall-watch.ts'
import { WireError } from '../../errors.ts'
import { requestByFetch } from '../../http/fetch.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { requestByXhr } from '../../http/xhr.ts'
import { type XhrConstructor, xmlHttpRequest } from '../../platform/globals.ts'
import type { UploadOptions } from './options.ts'
import type { UploadResponse } from './protocol.ts'

const STALL_TIMEOUT_MS = 30_000

/**
 * Sends one request of an upload: with XHR where there is one, because `fetch` does not tell how far it is.
 *
 * @throws What sending throws, WireError of kind `timeout` when nothing moves, the signal's reason when it is aborted.
 */
export async function sendRequest(
  request: ResolvedRequest,
  options: UploadOptions,
  onSent: ((bytes: number) => void) | undefined,
  signal: AbortSignal,
): Promise<UploadResponse> {
  // Who brings a `fetch` wants it used.
  const Xhr = options.fetch === undefined ? xmlHttpRequest(options) : options.XMLHttpRequest
  const isMute = Xhr === undefined && request.body !== null
  const { stallTimeoutMs = STALL_TIMEOUT_MS } = options

  const own = new AbortController()
  const leave = () => own.abort(signal.reason)
  signal.addEventListener('abort', leave)
  const giveUp = () => own.abort(stalled(request, stallTimeoutMs))
  const watch = new StallWatch(isMute ? Number.POSITIVE_INFINITY : stallTimeoutMs, giveUp, own.signal)
  const onMoved = (bytes: number) => {
    watch.activity()
    onSent?.(bytes)
  }
  watch.activity()
  try {
    const send = Xhr === undefined ? byFetch(request, options, own.signal) : byXhr(Xhr, request, onMoved, own.signal)
    return await send
  } catch (error) {
    throw own.signal.aborted ? own.signal.reason : error
  } finally {
    signal.removeEventListener('abort', leave)
    own.abort()
  }
}

async function byXhr(
  Xhr: XhrConstructor,
  request: ResolvedRequest,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const { body, ...head } = await requestByXhr(Xhr, request, { responseType: 'text', onSent }, signal)
  return { ...head, bodyText: String(body) }
}

async function byFetch(request: ResolvedRequest, options: UploadOptions, signal: AbortSignal): Promise<UploadResponse> {
  const { read, ...head } = await requestByFetch(request, { fetch: options.fetch, responseType: 'text' }, signal)
  return { ...head, bodyText: String(await read()) }
}

function stalled(request: ResolvedRequest, stallTimeoutMs: number): WireError {
  const message = `${request.method} ${shownUrl(request)} has made no progress for ${stallTimeoutMs} ms.`
  return new WireError('timeout', message, { retryable: true })
}
