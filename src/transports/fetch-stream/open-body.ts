import type { StreamDecoder } from '../../decoders/stream-decoder.ts'
import { WireError } from '../../errors.ts'
import { fetchInit, sendByFetch, textResponseOf } from '../../http/fetch.ts'
import { readBytes } from '../../http/read-body.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { httpErrorFrom, type TextResponse } from '../../http/response.ts'
import { openTextByXhr } from '../../http/xhr-stream.ts'
import { streamingFetch, xmlHttpRequest } from '../../platform/globals.ts'
import type { FetchStreamOptions } from './options.ts'

/** A successful response. Its body is read as text or bytes, as the decoder needs it. */
export interface OpenedBody {
  readonly status: number
  readonly headers: Headers
  read(onPiece: (piece: unknown, loaded: number) => void | Promise<void>): Promise<void>
}

/** Whether reading the body can pause. XHR cannot be paused. */
export function canPause<T>(options: FetchStreamOptions<T>): boolean {
  return options.engine !== 'xhr' && streamingFetch(options) !== undefined
}

/**
 * Sends the request with the engine that the host has.
 *
 * @throws HttpError on any status other than 2xx.
 */
export async function openBody<T>(
  request: ResolvedRequest,
  options: FetchStreamOptions<T>,
  reads: StreamDecoder<T>['reads'],
  signal: AbortSignal,
): Promise<OpenedBody> {
  const { engine } = options
  const fetch = streamingFetch(options)
  if (fetch !== undefined && canPause(options)) {
    // The HTTP cache would make a second reader wait for the first, then give it an old stream.
    const response = await sendByFetch(fetch, request, signal, { cache: 'no-store', ...fetchInit(options) })
    const asText = await accepted(request, textResponseOf(request, response, signal))
    if (reads === 'text') return asText
    const { status, headers, body } = response
    return { status, headers, read: (onPiece) => readBytes(request, body, signal, onPiece) }
  }
  const Xhr = xmlHttpRequest(options)
  if (Xhr !== undefined && (engine ?? 'xhr') === 'xhr') {
    if (reads === 'bytes') throw new WireError('network', "The engine 'xhr' reads only text: bytes() needs fetch.")
    return accepted(request, await openTextByXhr(Xhr)(request, signal))
  }
  throw new WireError('network', `This host has no ${engine ?? 'fetch or XMLHttpRequest'} to stream a response with.`)
}

async function accepted(request: ResolvedRequest, response: TextResponse): Promise<TextResponse> {
  if (response.status >= 200 && response.status < 300) return response
  throw await httpErrorFrom(request, response)
}
