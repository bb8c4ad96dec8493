import type { FetchLike } from '../platform/implementations.ts'
import { sendByFetch, textResponseOf } from './send-by-fetch.ts'
import type { OpenText } from './text-response.ts'

/** The text of a response through `fetch` and its body stream. */
export function openTextByFetch(fetch: FetchLike): OpenText {
  return async (request, signal) => {
    // A live stream from a cache would be an old one.
    const response = await sendByFetch(fetch, request, signal, { cache: 'no-store' })
    return textResponseOf(request, response)
  }
}
