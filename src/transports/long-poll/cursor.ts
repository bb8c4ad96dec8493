import type { ResolvedRequest } from '../../http/request.ts'

/** An answer, as a function that looks for the cursor is given it. */
export interface LongPollResponse {
  readonly status: number
  readonly headers: Headers
  /** The body, read; `undefined` where there is none. */
  readonly body: unknown
}

/** Where an answer says how to go on: its ETag, its Last-Modified, a header, or what a function finds in it. */
export type CursorSource =
  | 'etag'
  | 'last-modified'
  | { readonly header: string }
  | ((response: LongPollResponse) => string | null | undefined)

/** How the next request says where to go on: by a header, in the query, or as a function does it. */
export type CursorTarget =
  | { readonly header: string }
  | { readonly query: string }
  | ((request: { readonly url: URL; readonly headers: Headers }, cursor: string) => void)

export function cursorOf(source: CursorSource, response: LongPollResponse): string | undefined {
  if (typeof source === 'function') return source(response) ?? undefined
  return response.headers.get(typeof source === 'string' ? source : source.header) ?? undefined
}

/** The request, told where to go on. */
export function withCursor(
  request: ResolvedRequest,
  target: CursorTarget,
  cursor: string | undefined,
): ResolvedRequest {
  if (cursor === undefined) return request
  const url = new URL(request.url)
  if (typeof target === 'function') target({ url, headers: request.headers }, cursor)
  else if ('query' in target) url.searchParams.set(target.query, cursor)
  else request.headers.set(target.header, cursor)
  return { ...request, url: url.href }
}

/** RFC 9110 §13.1: each of the two has a header in which it goes back. */
export function targetFor(source: CursorSource): CursorTarget {
  if (source === 'etag') return { header: 'if-none-match' }
  if (source === 'last-modified') return { header: 'if-modified-since' }
  return { query: 'cursor' }
}
