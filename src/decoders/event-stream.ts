import { WireError } from '../errors.ts'

/** The content type of the format. */
export const EVENT_STREAM = 'text/event-stream'

/** Handlers for the contents of a stream, called in order. */
export interface SseHandlers {
  /**
   * A dispatched event.
   *
   * @param id The `id:` of this event; `undefined` if it has none of its own.
   * @param name The event name; `undefined` for the default `message`.
   */
  onEvent(data: string, id: string | undefined, name: string | undefined): void
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

const LINE_FEED = 10
const SPACE = 32
const COLON = 58
const D = 100
const I = 105
const KNOWN_FIELD = /^(?:data|event|id|retry):/
const LONGEST_FIELD = 'event:'.length

/**
 * Parses the event-stream format of the HTML Standard (§9.2.6). An event whose blank line is missing at the end of the
 * stream is dropped.
 *
 * @param maxEventLength The maximum length of an event and of a line, in UTF-16 code units. Comments do not count.
 * @param option The name of that limit in the options of the caller, for the error message.
 */
export function sseDecoder(handlers: SseHandlers, maxEventLength: number, option = 'maxEventLength'): SseDecoder {
  // The current block.
  let data = ''
  let hasData = false
  let name = ''
  let id: string | undefined
  // The line that is not complete yet. Its pieces are joined once, at its end.
  let openLine: string[] = []
  let openLength = 0
  /** The line is a comment, or its field is unknown, so the rest of it is not kept. */
  let skipped: 'comment' | 'unknown' | undefined
  let isAtStart = true
  /** Whether the last piece ended with CR. A LF after it belongs to the same line end. */
  let endsWithCr = false

  const requireLength = (length: number) => {
    if (length <= maxEventLength) return
    const message = `One event is longer than ${maxEventLength} characters. Send it in parts, or raise ${option}.`
    throw new WireError('overflow', message)
  }

  const endBlock = () => {
    const own = id
    id = undefined
    if (hasData) {
      const event = data
      const eventName = name === '' ? undefined : name
      hasData = false
      data = name = ''
      handlers.onEvent(event, own, eventName)
    } else {
      name = ''
      if (own !== undefined) handlers.onId(own)
    }
  }

  const addData = (value: string) => {
    data = hasData ? `${data}\n${value}` : value
    hasData = true
    requireLength(data.length)
  }

  const setId = (value: string) => {
    // [spec] An id with NUL is ignored.
    if (!value.includes('\0')) id = value
  }

  const addField = (field: string, value: string) => {
    if (field === 'data') addData(value)
    else if (field === 'event') name = value
    else if (field === 'id') setId(value)
    else if (field === 'retry' && /^[0-9]+$/.test(value)) handlers.onRetry(Number(value))
  }

  /** Hot path: most lines are data or ids, and are read without a copy of the line. */
  const readLine = (text: string, from: number, to: number) => {
    const first = text.charCodeAt(from)
    if (from === to) endBlock()
    else if (first === D && text.startsWith('ata:', from + 1)) addData(text.slice(valueAt(text, from + 4), to))
    else if (first === I && text.startsWith('d:', from + 1)) setId(text.slice(valueAt(text, from + 2), to))
    else if (first === COLON) handlers.onComment()
    else {
      const line = text.slice(from, to)
      const colon = line.indexOf(':')
      if (colon < 0) addField(line, '')
      else addField(line.slice(0, colon), line.slice(valueAt(line, colon)))
    }
  }

  const keepOpen = (rest: string) => {
    if (rest === '' || skipped !== undefined) return
    const hadField = openLength >= LONGEST_FIELD
    openLine.push(rest)
    openLength += rest.length
    if (!hadField) skipped = skippedKind(openLine.join(''))
    if (skipped !== undefined) {
      openLine = []
      openLength = 0
      return
    }
    // The name of the field is not part of the event.
    requireLength(data.length + openLength - 'data: '.length)
  }

  /** Completes the open line with the text before `to`. */
  const closeLine = (text: string, from: number, to: number) => {
    if (skipped !== undefined) {
      if (skipped === 'comment') handlers.onComment()
      skipped = undefined
    } else if (openLength === 0) readLine(text, from, to)
    else {
      const line = openLine.join('') + text.slice(from, to)
      openLine = []
      openLength = 0
      readLine(line, 0, line.length)
    }
  }

  const push = (text: string) => {
    if (text === '') return
    let from = 0
    if (isAtStart && text.startsWith('\uFEFF')) from = 1
    else if (endsWithCr && text.charCodeAt(0) === LINE_FEED) from = 1
    isAtStart = endsWithCr = false
    let cr = text.indexOf('\r', from)
    let lf = text.indexOf('\n', from)
    let isFirst = true
    while (lf >= 0 || cr >= 0) {
      const start = from
      let end = lf
      from = lf + 1
      if (cr >= 0 && (lf < 0 || cr < lf)) {
        end = cr
        from = cr + 1
        if (lf === from) from += 1
        else endsWithCr = from === text.length
        cr = text.indexOf('\r', from)
      }
      if (lf >= 0 && lf < from) lf = text.indexOf('\n', from)
      // Only the first line may continue an open one.
      if (isFirst) closeLine(text, start, end)
      else readLine(text, start, end)
      isFirst = false
    }
    keepOpen(from === 0 ? text : text.slice(from))
  }

  return {
    push,
    isIncomplete: () => {
      // An event is incomplete if only its blank line is missing.
      if (openLength > 0) closeLine('', 0, 0)
      return hasData
    },
  }
}

/** Returns why the start of a line need not be kept; `undefined` if it may belong to a known field. */
function skippedKind(start: string): 'comment' | 'unknown' | undefined {
  if (start.charCodeAt(0) === COLON) return 'comment'
  return start.length < LONGEST_FIELD || KNOWN_FIELD.test(start) ? undefined : 'unknown'
}

/** Where the value of a field starts: after the colon, and after one space. */
function valueAt(text: string, colon: number): number {
  return text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1
}
