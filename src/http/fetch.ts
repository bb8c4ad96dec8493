import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import {
  type FetchLike,
  hostFetch,
  hostFetchSendsStreams,
  type Implementations,
  requestFetch,
} from '../platform/globals.ts'
import { noteReadable } from './diagnostics/cors-advice.ts'
import { noResponse, refuseStream } from './network-error.ts'
import { bodyReaders, type FetchBodies, type ReadOptions, readText } from './read-body.ts'
import type { ResolvedRequest } from './request.ts'
import { bodyTotal, httpErrorFrom, type OpenText, responseUrl, type TextResponse } from './response.ts'

/** How a request is sent, and the type that its response is read as. */
export interface FetchRequestOptions extends FetchInit, Pick<ReadOptions, 'maxBytes'>, Pick<Implementations, 'fetch'> {
  readonly responseType?: keyof FetchBodies | undefined
}

/** A response whose head was received. */
export interface OpenResponse {
  /** The final URL, after redirects. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  /** Reads the body. `onLoaded` receives the bytes so far, and the total if it is known, for each piece. */
  read(onLoaded?: (loaded: number, total?: number) => void): Promise<unknown>
}

/**
 * Sends a request with `fetch`, and resolves with the head of its response.
 *
 * @param isAccepted Returns true for a status outside 2xx that is not an error. Default: there is none.
 * @throws HttpError for any other status outside 2xx; WireError of kind `network` if there is no response.
 */
export async function requestByFetch(
  request: ResolvedRequest,
  options: FetchRequestOptions,
  signal: AbortSignal,
  isAccepted: (status: number) => boolean = () => false,
): Promise<OpenResponse> {
  const response = await sendByFetch(requireFetch(options), request, signal, fetchInit(options))
  const { status, headers } = response
  if (!response.ok && !isAccepted(status)) throw await httpErrorFrom(request, textResponseOf(request, response, signal))
  const readBody = bodyReaders[options.responseType ?? 'json']
  return {
    url: responseUrl(request, response.url),
    status,
    headers,
    read: (onLoaded) =>
      readBody(request, response, {
        signal,
        maxBytes: options.maxBytes,
        onLoaded: (loaded) => onLoaded?.(loaded, bodyTotal(headers, loaded)),
      }),
  }
}

/** @throws WireError if the host has no `fetch`. */
export function requireFetch(options: Pick<Implementations, 'fetch'>): FetchLike {
  const fetch = requestFetch(options)
  if (fetch === undefined) throw new WireError('network', 'This host has no fetch. Pass one with the fetch option.')
  return fetch
}

/** The options of `fetch` that pass through unchanged. */
export type FetchInit = Pick<
  RequestInit,
  'cache' | 'integrity' | 'keepalive' | 'mode' | 'priority' | 'redirect' | 'referrer' | 'referrerPolicy'
>

const FETCH_INIT = [
  'cache',
  'integrity',
  'keepalive',
  'mode',
  'priority',
  'redirect',
  'referrer',
  'referrerPolicy',
] as const satisfies readonly (keyof FetchInit)[]

/** Picks the `fetch` options that are set. */
export function fetchInit(options: FetchInit): FetchInit {
  return Object.fromEntries(FETCH_INIT.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/** Sends a request with `fetch`. Rejects with a `WireError` of kind `network` if there is no response. */
export async function sendByFetch(
  fetch: FetchLike,
  request: ResolvedRequest,
  signal: AbortSignal,
  fetchOptions: FetchInit,
): Promise<Response> {
  const { method, headers, body, credentials } = request
  if (isStream(body) && fetch === hostFetch && !hostFetchSendsStreams()) refuseStream(request, 'the fetch of this host')
  const init: RequestInit & { duplex?: 'half' } = { ...fetchOptions, method, headers, body, credentials, signal }
  // [spec] Fetch §5.4: a stream body needs `duplex`, because the response does not start before it ends.
  if (isStream(body)) init.duplex = 'half'
  let response: Response
  try {
    response = await fetch(request.url, init)
  } catch (cause) {
    throw noResponse(request, { cause })
  }
  noteReadable(request)
  if (!signal.aborted) return response
  // A `fetch` of the caller may ignore the signal. An unread body keeps its connection open.
  response.body?.cancel().catch(() => {})
  throw signal.reason
}

/** Wraps a `fetch` response, to read its text while it arrives. */
export function textResponseOf(request: ResolvedRequest, response: Response, signal: AbortSignal): TextResponse {
  const { status, statusText, headers, body } = response
  return {
    status,
    statusText,
    headers,
    url: responseUrl(request, response.url),
    read: (onText) => readText(request, body, signal, onText),
  }
}

/** Returns a function that opens text responses with `fetch`. */
export function openTextByFetch(fetch: FetchLike): OpenText {
  return async (request, signal) => {
    // A cached response would replay an old stream.
    const response = await sendByFetch(fetch, request, signal, { cache: 'no-store' })
    return textResponseOf(request, response, signal)
  }
}
