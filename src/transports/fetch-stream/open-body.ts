import type { StreamDecoder } from '../../decoders/stream-decoder.ts'
import { WireError } from '../../errors.ts'
import { fetchInit, sendByFetch, textResponseOf } from '../../http/fetch.ts'
import { readBytes } from '../../http/read-body.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { httpErrorFrom, type TextResponse } from '../../http/response.ts'
import { requireStreamingFetch } from '../../http/stream-engine.ts'
import type { FetchStreamOptions } from './options.ts'

/** A successful response. Its body is read as text or bytes, as the decoder needs it. */
export interface OpenedBody {
  readonly status: number
  readonly headers: Headers
  read(onPiece: (piece: unknown, loaded: number) => void | Promise<void>): Promise<void>
}

/**
 * Sends the request with the engine of the caller, or with `fetch`.
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
  if (engine !== undefined) {
    if (reads === 'bytes') throw new WireError('network', 'The engine reads only text: bytes() needs fetch.')
    return accepted(request, await engine.open(request, signal))
  }
  // The HTTP cache would make a second reader wait for the first, then give it an old stream.
  const init = { cache: 'no-store', ...fetchInit(options) } as const
  const response = await sendByFetch(requireStreamingFetch(options), request, signal, init)
  const asText = await accepted(request, textResponseOf(request, response, signal))
  if (reads === 'text') return asText
  const { status, headers, body } = response
  return { status, headers, read: (onPiece) => readBytes(request, body, signal, onPiece) }
}

async function accepted(request: ResolvedRequest, response: TextResponse): Promise<TextResponse> {
  if (response.status >= 200 && response.status < 300) return response
  throw await httpErrorFrom(request, response)
}
