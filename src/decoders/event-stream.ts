import { createParser } from 'eventsource-parser'
import { WireError } from '../errors.ts'

/** One dispatched event. */
export interface SseEvent {
  readonly data: string
  /** Its name; `undefined` for the default `message`. */
  readonly event?: string | undefined
  /** The `id:` of this very event; `undefined` if it had none and the last one still holds. */
  readonly id?: string | undefined
}

/** What a stream says, in the order in which it says it. */
export interface SseHandlers {
  onEvent(event: SseEvent): void
  /** The last event id has changed, with or without an event. */
  onId(id: string): void
  /** The server wishes to be reconnected to after this many milliseconds. */
  onRetry(delayMs: number): void
  onComment(): void
}

/** Reads the event-stream format from text, however it is cut into pieces. */
export interface SseDecoder {
  /** @throws WireError of kind `overflow` if one event grows past its bound. */
  push(text: string): void
}

/**
 * The event-stream format of the HTML Standard (§9.2.6), over eventsource-parser. An event that the end of the
 * stream cuts short is dropped: nothing is dispatched without its blank line.
 *
 * @param maxEventLength The bound of one event and of one line, in UTF-16 code units.
 * @param option What the caller knows that bound as.
 */
export function sseDecoder(handlers: SseHandlers, maxEventLength: number, option = 'maxEventLength'): SseDecoder {
  const overflow = () =>
    new WireError(
      'overflow',
      `One event is longer than ${maxEventLength} characters. Send it in parts, or raise ${option}.`,
    )
  const parser = createParser({
    // Of a line that is not yet whole, it holds the field's name as well. That is no part of the event.
    maxBufferSize: maxEventLength + 'data: '.length,
    onEvent: (event) => {
      // The parser bounds what it holds between two pieces; an event within one piece is measured here.
      if (event.data.length > maxEventLength) throw overflow()
      handlers.onEvent(event)
    },
    onId: (id) => handlers.onId(id),
    onRetry: (delayMs) => handlers.onRetry(delayMs),
    onComment: () => handlers.onComment(),
    onError: (error) => {
      // [spec] Unknown fields and a retry that is no number are ignored.
      if (error.type === 'max-buffer-size-exceeded') throw overflow()
    },
  })
  return { push: (text) => parser.feed(text) }
}
