import { parseAddress } from '../../address.ts'
import { callSync } from '../../callback.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { dateOf, etagOf, sendValidators, validatorsOf } from '../../http/validators.ts'
import { parseOrFail } from '../../provider.ts'
import { isResumePoint } from '../../resume-point.ts'

/** The response that a `readCursor` function receives. */
export interface LongPollResponse {
  readonly status: number
  readonly headers: Headers
  /** The parsed body; `undefined` if there is none. */
  readonly body: unknown
}

/**
 * Where a response carries the next cursor: its validators (ETag and Last-Modified), one of them, a header, or the result
 * of a function.
 */
export type CursorSource =
  | 'validators'
  | 'etag'
  | 'last-modified'
  | { readonly header: string }
  | ((response: LongPollResponse) => string | null | undefined)

/** How a request sends the cursor: in a header, in the query, or by a function that changes the request. */
export type CursorTarget =
  | { readonly header: string }
  | { readonly query: string }
  | ((request: { readonly url: URL; readonly headers: Headers }, cursor: string) => void)

/**
 * Returns the cursor that a response carries; `undefined` if there is none.
 *
 * @returns `null` if it cannot be sent back. [law] 16: that does not mean "from the start".
 */
export function cursorOf(source: CursorSource, response: LongPollResponse): string | null | undefined {
  const { status, headers } = response
  // [spec] RFC 9110 §15.4.5: the validators that were sent are still valid, even if the response repeats only some.
  if (status === 304 && typeof source === 'string') return undefined
  const cursor =
    typeof source === 'function'
      ? callSync('readCursor', () => source(response))
      : source === 'validators'
        ? validatorsOf(headers)
        : source === 'etag'
          ? etagOf(headers)
          : source === 'last-modified'
            ? dateOf(headers)
            : headers.get(source.header)
  if (cursor === undefined || cursor === null || cursor === '') return undefined
  return typeof cursor === 'string' && isResumePoint(cursor) ? cursor : null
}

/** Adds the cursor to a request. */
export function withCursor(
  request: ResolvedRequest,
  target: CursorTarget,
  cursor: string | undefined,
): ResolvedRequest {
  if (cursor === undefined) return request
  const url = new URL(request.url)
  if (typeof target === 'function') {
    callSync('sendCursor', () => target({ url, headers: request.headers }, cursor))
    // A cursor may be a URL that the server has sent.
    parseOrFail('sendCursor', () => parseAddress('sendCursor: url', url, undefined))
  } else if ('query' in target) url.searchParams.set(target.query, cursor)
  else request.headers.set(target.header, cursor)
  return { ...request, url: url.href }
}

/** [spec] RFC 9110 §13.1: each validator has the header in which it is sent back. */
export function targetFor(source: CursorSource): CursorTarget {
  if (source === 'validators') return sendValidators
  if (source === 'etag') return { header: 'if-none-match' }
  if (source === 'last-modified') return { header: 'if-modified-since' }
  return { query: 'cursor' }
}
