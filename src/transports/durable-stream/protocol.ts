import { EVENT_STREAM } from '../../decoders/event-stream.ts'
import { messageOf } from '../../errors.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { isResumePoint } from '../../resume-point.ts'

// The protocol: https://github.com/durable-streams/durable-streams/blob/main/PROTOCOL.md

/** The offset of the first byte of a stream. */
export const START = '-1'
/** The offset after the last byte of a stream. */
export const TAIL = 'now'

/** How a live response is delivered. */
export type LiveMode = 'sse' | 'long-poll'

/** What a response, or a control event of a live one, says about its end. */
export interface Position {
  /** Where the next request continues. */
  readonly offset: string
  /** Echoed by the next live request, so that caches can tell it from this one. It is not a resume point. */
  readonly cursor: string | undefined
  /** Whether the server had nothing more. */
  readonly isAtTail: boolean
  /** Whether the stream is closed, and this is its end. */
  readonly isClosed: boolean
}

/** Returns the position in the headers of a response; `undefined` if they have no valid offset. */
export function positionOf(headers: Headers): Position | undefined {
  const [offset, cursor, upToDate, closed] = ['next-offset', 'cursor', 'up-to-date', 'closed'].map((name) =>
    headers.get(`stream-${name}`),
  )
  return position(offset, cursor, upToDate, closed)
}

/** Returns the position in a control event; `undefined` if it has no valid offset. */
export function controlOf(data: string): Position | undefined {
  try {
    const { streamNextOffset, streamCursor, upToDate, streamClosed } = JSON.parse(data)
    return position(streamNextOffset, streamCursor, upToDate, streamClosed)
  } catch {
    return undefined
  }
}

function position(offset: unknown, cursor: unknown, upToDate: unknown, closed: unknown): Position | undefined {
  if (!isOffset(offset)) return undefined
  return {
    offset,
    cursor: typeof cursor === 'string' && isResumePoint(cursor) ? cursor : undefined,
    isAtTail: isTrue(upToDate),
    isClosed: isTrue(closed),
  }
}

/** Whether a value is the offset of a message. [spec] §8: the two special values are not. */
export function isOffset(value: unknown): value is string {
  return typeof value === 'string' && isResumePoint(value) && value !== START && value !== TAIL
}

// [spec] §4.1: any other value means that the header is absent.
function isTrue(value: unknown): boolean {
  return String(value).toLowerCase() === 'true'
}

/** Adds the position to a request. `live` is `undefined` for a request that is not held. */
export function requestAt(
  request: ResolvedRequest,
  offset: string,
  live: LiveMode | undefined,
  cursor: string | undefined,
): ResolvedRequest {
  const url = new URL(request.url)
  for (const [name, value] of Object.entries({ offset, live, cursor: live && cursor })) {
    if (value === undefined) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  // [spec] §10.1: caches recognize equal requests.
  url.searchParams.sort()
  if (live === 'sse') request.headers.set('accept', EVENT_STREAM)
  return { ...request, url: url.href }
}

/** What the bytes of a stream are, by its content type. */
export type PayloadKind = 'json' | 'text' | 'bytes'

export function payloadKind(contentType: string): PayloadKind {
  if (contentType === 'application/json') return 'json'
  return contentType.startsWith('text/') ? 'text' : 'bytes'
}

/**
 * Returns the messages in a part of a stream: the elements of a JSON array, or the part itself. A part that is not JSON,
 * or not base64, becomes a `SyntaxError`.
 *
 * @param isEncoded Whether the part is base64.
 */
export function messagesIn(kind: PayloadKind, part: string | Uint8Array, isEncoded: boolean): readonly unknown[] {
  try {
    // [spec] §5.8: the line breaks between the lines of an event do not count. `atob` ignores them.
    const payload = isEncoded ? Uint8Array.from(atob(String(part)), (byte) => byte.charCodeAt(0)) : part
    if (payload.length === 0) return []
    if (kind === 'bytes') return [payload]
    const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload)
    if (kind === 'text') return [text]
    const messages: unknown = JSON.parse(text)
    return Array.isArray(messages) ? messages : [messages]
  } catch (cause) {
    return [new SyntaxError(messageOf(cause))]
  }
}
