import { isStream } from '../host-object.ts'
import { type FetchLike, hostFetch, hostFetchKnowsStreams } from '../platform/implementations.ts'
import { answeredFrom } from './answered-from.ts'
import { broken, unanswered } from './network-error.ts'
import { refuseStream } from './refuse-stream.ts'
import type { ResolvedRequest } from './request.ts'
import type { TextResponse } from './text-response.ts'

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
    throw unanswered(request, { cause })
  }
}

/** A response of `fetch`, to be read as text while it arrives. */
export function textResponseOf(request: ResolvedRequest, response: Response): TextResponse {
  const { status, statusText, headers, body } = response
  return {
    status,
    statusText,
    headers,
    url: answeredFrom(request, response.url),
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

/** Hands over a body as it arrives; the next piece is read when the last one was taken. */
export async function readBytes(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  onBytes: (bytes: Uint8Array<ArrayBuffer>, loaded: number) => void | Promise<void>,
): Promise<void> {
  if (body === null) return
  const reader = body.getReader()
  let loaded = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw broken(request, cause)
      })
      if (done) return
      loaded += value.byteLength
      const taken = onBytes(value, loaded)
      // Nobody waits for what is done already: pieces come by the thousand.
      if (taken !== undefined) await taken
    }
  } finally {
    // Also when `onBytes` throws: a body that nobody reads holds its connection. It may have broken already.
    reader.cancel().catch(() => {})
  }
}
