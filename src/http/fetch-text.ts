import { type FetchLike, isStream } from '../platform/implementations.ts'
import { broken, unanswered } from './network-error.ts'
import type { ResolvedRequest } from './request.ts'
import type { OpenText, TextResponse } from './text-response.ts'

/** The text of a response through `fetch` and its body stream. */
export function openTextByFetch(fetch: FetchLike): OpenText {
  return async (request, signal) => {
    const { method, headers, body, credentials } = request
    let response: Response
    try {
      // A live stream from a cache would be an old one.
      const init: RequestInit & { duplex?: 'half' } = { method, headers, body, credentials, signal, cache: 'no-store' }
      // [spec] A body that is a stream must say that the answer does not begin before it ends.
      if (isStream(body)) init.duplex = 'half'
      response = await fetch(request.url, init)
    } catch (cause) {
      throw unanswered(request, cause)
    }
    const { status, statusText, url } = response
    return {
      status,
      statusText,
      headers: response.headers,
      url: url === '' ? request.url : url,
      read: (onText) => readBody(request, response.body, onText),
    }
  }
}

async function readBody(
  request: ResolvedRequest,
  body: ReadableStream<Uint8Array> | null,
  onText: Parameters<TextResponse['read']>[0],
): Promise<void> {
  if (body === null) return
  // The byte order mark is left in: who reads the text knows its format.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const reader = body.getReader()
  let loaded = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw broken(request, cause)
      })
      if (done) return
      loaded += value.byteLength
      onText(decoder.decode(value, { stream: true }), loaded)
    }
  } finally {
    // Also when `onText` throws: a body that nobody reads holds its connection. It may have broken already.
    reader.cancel().catch(() => {})
  }
}
