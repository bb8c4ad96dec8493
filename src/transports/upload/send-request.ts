import { StallWatch } from '../../engine/stall-watch.ts'
import { WireError } from '../../errors.ts'
import { requireFetch, sendByFetch, textResponseOf } from '../../http/fetch.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { httpErrorFrom } from '../../http/response.ts'
import { requestByXhr } from '../../http/xhr.ts'
import { type XhrConstructor, xmlHttpRequest } from '../../platform/globals.ts'
import type { UploadOptions } from './options.ts'
import type { UploadResponse } from './protocol.ts'

const STALL_TIMEOUT_MS = 30_000

/**
 * Sends one request of an upload, by XHR if the host has it, because `fetch` does not report upload progress.
 *
 * @throws HttpError or WireError if the request fails, WireError of kind `timeout` if it makes no progress, the reason
 *   of the signal if it is aborted.
 */
export async function sendRequest(
  request: ResolvedRequest,
  options: UploadOptions,
  onSent: ((bytes: number) => void) | undefined,
  signal: AbortSignal,
): Promise<UploadResponse> {
  // A caller that passes its own `fetch` expects it to be used.
  const Xhr = options.fetch === undefined ? xmlHttpRequest(options) : options.XMLHttpRequest
  const reportsProgress = Xhr !== undefined || request.body === null
  const { stallTimeoutMs = STALL_TIMEOUT_MS } = options

  const controller = new AbortController()
  const onAbort = () => controller.abort(signal.reason)
  signal.addEventListener('abort', onAbort)
  const onStall = () => controller.abort(stalled(request, stallTimeoutMs))
  const limitMs = reportsProgress ? stallTimeoutMs : Number.POSITIVE_INFINITY
  const watch = new StallWatch(limitMs, onStall, controller.signal)
  const onProgress = (bytes: number) => {
    watch.activity()
    onSent?.(bytes)
  }
  watch.activity()
  try {
    if (Xhr === undefined) return await byFetch(request, options, controller.signal)
    return await byXhr(Xhr, request, onProgress, controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    signal.removeEventListener('abort', onAbort)
    controller.abort()
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
  const response = textResponseOf(request, await sendByFetch(requireFetch(options), request, signal, {}), signal)
  const { status, headers, url } = response
  if (status < 200 || status >= 300) throw await httpErrorFrom(request, response)
  let bodyText = ''
  await response.read((piece) => {
    bodyText += piece
  })
  return { status, headers, url, bodyText }
}

function stalled(request: ResolvedRequest, stallTimeoutMs: number): WireError {
  const message = `${request.method} ${shownUrl(request)} made no progress for ${stallTimeoutMs} ms.`
  return new WireError('timeout', message, { retryable: true })
}
