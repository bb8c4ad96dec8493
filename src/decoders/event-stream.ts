import { createParser } from 'eventsource-parser'
import { WireError } from '../errors.ts'

/** The content type of the format. */
export const EVENT_STREAM = 'text/event-stream'

/** A dispatched event. */
export interface SseEvent {
  readonly data: string
  /** The event name; `undefined` for the default `message`. */
  readonly event?: string | undefined
  /** The `id:` of this event; `undefined` if it has none of its own. */
  readonly id?: string | undefined
}

/** Handlers for the contents of a stream, called in order. */
export interface SseHandlers {
  onEvent(event: SseEvent): void
  /** A block without data has set the last event id of the stream. */
  onId(id: string): void
  /** The server asks for this delay before a reconnect, in milliseconds. */
  onRetry(delayMs: number): void
  onComment(): void
}

/** Parses the event-stream format from text that arrives in pieces. */
export interface SseDecoder {
  /** @throws WireError of kind `overflow` if an event exceeds its limit. */
  push(text: string): void
  /** Returns whether the stream ended inside of an event. Call it at the end, and push nothing afterwards. */
  isIncomplete(): boolean
}

/**
 * Parses the event-stream format of the HTML Standard (§9.2.6) with eventsource-parser. An event whose blank line is
 * missing at the end of the stream is dropped.
 *
 * @param maxEventLength The maximum length of an event and of a line, in UTF-16 code units.
 * @param option The name of that limit in the options of the caller, for the error message.
 */
export function sseDecoder(handlers: SseHandlers, maxEventLength: number, option = 'maxEventLength'): SseDecoder {
  const overflow = () =>
    new WireError(
      'overflow',
      `One event is longer than ${maxEventLength} characters. Send it in parts, or raise ${option}.`,
    )
  // The id of the current block. The parser calls `onId` at the end of a block, before its event.
  let id: string | undefined
  let hasEvent = false
  let isEnding = false
  const settle = () => {
    if (id !== undefined) handlers.onId(id)
    id = undefined
  }
  const parser = createParser({
    // The parser also counts the field name of an incomplete line, which is not part of the event.
    maxBufferSize: maxEventLength + 'data: '.length,
    onEvent: (event) => {
      if (isEnding) {
        hasEvent = true
        return
      }
      // The id of an earlier block. That of this one goes with its event.
      if (event.id === undefined) settle()
      id = undefined
      // The parser limits only what it buffers between two pieces. An event within one piece is checked here.
      if (event.data.length > maxEventLength) throw overflow()
      handlers.onEvent(event)
    },
    onId: (next) => {
      settle()
      id = next
    },
    onRetry: (delayMs) => {
      settle()
      handlers.onRetry(delayMs)
    },
    onComment: () => {
      settle()
      handlers.onComment()
    },
    onError: (error) => {
      // [spec] Unknown fields, and a retry that is not a number, are ignored.
      if (error.type === 'max-buffer-size-exceeded') throw overflow()
    },
  })
  let isInComment = false
  /** Shortens a comment that continues in the next piece. The parser would keep it, and count it as part of an event. */
  const withoutOpenComment = (text: string): string => {
    let rest = text
    if (isInComment) {
      const end = rest.search(/[\r\n]/)
      if (end < 0) return ''
      isInComment = false
      rest = rest.slice(end)
    }
    const lastLine = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r')) + 1
    // The end of a line that began in an earlier piece is not a comment.
    if (rest[lastLine] !== ':' || (lastLine === 0 && !isAtLineStart)) return rest
    isInComment = true
    return rest.slice(0, lastLine + 1)
  }
  let isAtLineStart = true
  return {
    push: (text) => {
      parser.feed(withoutOpenComment(text))
      if (text !== '') isAtLineStart = /[\r\n]$/.test(text)
      settle()
    },
    isIncomplete: () => {
      isEnding = true
      // An event with data is dispatched now if only its end is missing.
      parser.feed('\n\n')
      return hasEvent
    },
  }
}
