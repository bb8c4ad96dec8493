import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import {
  type FetchLike,
  hostFetch,
  hostFetchKnowsStreams,
  type Implementations,
  requestFetch,
} from '../platform/globals.ts'
import { noResponse, refuseStream } from './network-error.ts'
import { bodyReaders, type FetchBodies, readBytes } from './read-body.ts'
import type { ResolvedRequest } from './request.ts'
import { bodyTotal, httpErrorFrom, type OpenText, responseUrl, type TextResponse } from './response.ts'

/** What a request is sent with, and its answer read as. */
export interface FetchRequestOptions extends FetchInit, Pick<Implementations, 'fetch'> {
  readonly responseType?: keyof FetchBodies | undefined
}

/** An answer whose head has come. */
export interface OpenResponse {
  /** Where it came from, redirects followed. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  /** Reads the body, telling of each piece: bytes so far, and in all where that is known. */
  read(onLoaded?: (loaded: number, total?: number) => void): Promise<unknown>
}

/**
 * Sends a request with `fetch`, and resolves when its answer begins.
 *
 * @param isAccepted Which statuses other than 2xx are no failure. Default: none.
 * @throws HttpError on any other status.
 */
export async function requestByFetch(
  request: ResolvedRequest,
  options: FetchRequestOptions,
  signal: AbortSignal,
  isAccepted: (status: number) => boolean = () => false,
): Promise<OpenResponse> {
  const response = await sendByFetch(requireFetch(options), request, signal, fetchInit(options))
  const { status, headers } = response
  if (!response.ok && !isAccepted(status)) throw await httpErrorFrom(request, textResponseOf(request, response))
  const readBody = bodyReaders[options.responseType ?? 'json']
  return {
    url: responseUrl(request, response.url),
    status,
    headers,
    read: (onLoaded) => readBody(request, response, (loaded) => onLoaded?.(loaded, bodyTotal(headers, loaded))),
  }
}

function requireFetch(options: FetchRequestOptions): FetchLike {
  const fetch = requestFetch(options)
  if (fetch === undefined) throw new WireError('network', 'This host has no fetch. Bring one with the option.')
  return fetch
}

/** The options of `fetch` that the request itself does not set. */
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

/** Those of them that are given. */
export function fetchInit(options: FetchInit): FetchInit {
  return Object.fromEntries(FETCH_INIT.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/** Sends a request with `fetch`. Without an answer, it is a `WireError` of kind `network`. */
export async function sendByFetch(
  fetch: FetchLike,
  request: ResolvedRequest,
  signal: AbortSignal,
  more: FetchInit,
): Promise<Response> {
  const { method, headers, body, credentials } = request
  if (isStream(body) && fetch === hostFetch && !hostFetchKnowsStreams()) refuseStream(request, 'the fetch of this host')
  const init: RequestInit & { duplex?: 'half' } = { ...more, method, headers, body, credentials, signal }
  // [spec] A body that is a stream must say that the answer does not begin before it ends.
  if (isStream(body)) init.duplex = 'half'
  try {
    return await fetch(request.url, init)
  } catch (cause) {
    throw noResponse(request, { cause })
  }
}

/** A response of `fetch`, to be read as text while it arrives. */
export function textResponseOf(request: ResolvedRequest, response: Response): TextResponse {
  const { status, statusText, headers, body } = response
  return {
    status,
    statusText,
    headers,
    url: responseUrl(request, response.url),
    read: async (onText) => {
      // The byte order mark is left in: who reads the text knows its format.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
      let length = 0
      await readBytes(request, body, (bytes, loaded) => {
        length = loaded
        return onText(decoder.decode(bytes, { stream: true }), loaded)
      })
      // A character that the end has cut in two shows as such.
      const rest = decoder.decode()
      if (rest !== '') await onText(rest, length)
    },
  }
}

/** The text of a response through `fetch` and its body stream. */
export function openTextByFetch(fetch: FetchLike): OpenText {
  return async (request, signal) => {
    // A live stream from a cache would be an old one.
    const response = await sendByFetch(fetch, request, signal, { cache: 'no-store' })
    return textResponseOf(request, response)
  }
}
