import { WireError } from '../errors.ts'
import { type FetchLike, type Implementations, requestFetch } from '../platform/implementations.ts'
import { answeredFrom } from './answered-from.ts'
import { bodyTotal } from './body-total.ts'
import { bodyReaders, type FetchBodies } from './read-body.ts'
import { refusal } from './refusal.ts'
import type { ResolvedRequest } from './request.ts'
import { type FetchInit, fetchInit, sendByFetch, textResponseOf } from './send-by-fetch.ts'

/** What a request is sent with, and its answer read as. */
export interface ExchangeOptions extends FetchInit, Pick<Implementations, 'fetch'> {
  readonly responseType?: keyof FetchBodies | undefined
}

/** An answer whose head has come. */
export interface Answered {
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
 * @param quiet Statuses beside 2xx that are no refusal.
 * @throws HttpError on any other status.
 */
export async function exchange(
  request: ResolvedRequest,
  options: ExchangeOptions,
  signal: AbortSignal,
  quiet: readonly number[] = [],
): Promise<Answered> {
  const response = await sendByFetch(hostFetch(options), request, signal, fetchInit(options))
  const { status, headers } = response
  if (!response.ok && !quiet.includes(status)) throw await refusal(request, textResponseOf(request, response))
  const readBody = bodyReaders[options.responseType ?? 'json']
  return {
    url: answeredFrom(request, response.url),
    status,
    headers,
    read: (onLoaded) => readBody(request, response, (loaded) => onLoaded?.(loaded, bodyTotal(headers, loaded))),
  }
}

function hostFetch(options: ExchangeOptions): FetchLike {
  const fetch = requestFetch(options)
  if (fetch === undefined) throw new WireError('network', 'This host has no fetch. Bring one with the option.')
  return fetch
}
