/** Parses a body that arrives in pieces, and emits each complete record. */
export interface RecordParser<Piece> {
  /** @throws WireError of kind `overflow` if a record exceeds its limit. */
  push(piece: Piece): void
  /**
   * The body has ended. Emits the last record if only its separator is missing. Returns whether the body is visibly
   * incomplete.
   */
  end(): boolean
}

/** Receives a complete record, its id and its name. */
export type OnRecord<R> = (record: R, id?: string, name?: string) => void

/** Receives what a body says besides its records. */
export interface StreamControl {
  /** Moves the resume point without a record; an empty text forgets it. */
  moveCursor(id: string): void
  /** The server no longer has the messages before this id. The resume point moves there, and the wire reports a gap. */
  gap(id: string): void
  /** The server asks for this delay before another request, in milliseconds. */
  retryAfter(delayMs: number): void
}

/** The head of the response that a decoder reads, for formats that its headers describe. */
export interface ResponseHead {
  readonly status: number
  readonly headers: Headers
}

/** Turns a body into messages: it is split into records, each of which is decoded. */
export type StreamDecoder<T> = TextStreamDecoder<T> | ByteStreamDecoder<T>

/** A {@link StreamDecoder} of text. The bytes are decoded as UTF-8 first. */
export interface TextStreamDecoder<T> {
  readonly reads: 'text'
  /** The only content type that is decoded. Default: all but HTML. */
  readonly contentType?: string | undefined
  /**
   * Whether each piece is passed on whole. Default `false`: long pieces are divided, so that the page has turns while
   * their messages are delivered.
   */
  readonly keepsPieces?: boolean | undefined
  start(onRecord: OnRecord<unknown>, control?: StreamControl, head?: ResponseHead): RecordParser<string>
  /** A record for which this throws is a bad message. */
  decode(record: never): T
}

/** A {@link StreamDecoder} of bytes, in the pieces in which they arrive. */
export interface ByteStreamDecoder<T> {
  readonly reads: 'bytes'
  readonly contentType?: undefined
  start(
    onRecord: OnRecord<unknown>,
    control?: StreamControl,
    head?: ResponseHead,
  ): RecordParser<Uint8Array<ArrayBuffer>>
  decode(record: never): T
}

/** Creates a decoder of text. Hides the type of its records from callers. */
export function textStreamDecoder<R, T>(
  start: (onRecord: OnRecord<R>, control?: StreamControl, head?: ResponseHead) => RecordParser<string>,
  decode: (record: R) => T,
  options: Pick<TextStreamDecoder<T>, 'contentType' | 'keepsPieces'> = {},
): TextStreamDecoder<T> {
  return { reads: 'text', ...options, start, decode }
}

/** @throws TypeError if a value is not a decoder, such as the function that creates one. */
export function requireStreamDecoder(decode: unknown): void {
  if (typeof decode === 'object' && decode !== null && 'start' in decode) return
  throw new TypeError(`decode must be a decoder of streams such as sse() or ndjson(), got ${typeof decode}`)
}

const BYTE_ORDER_MARK = '\uFEFF'

/** Returns a function that removes the byte order mark from a text that arrives in pieces. */
export function withoutByteOrderMark(): (piece: string) => string {
  let isFirst = true
  return (piece) => {
    const rest = isFirst && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(1) : piece
    if (piece !== '') isFirst = false
    return rest
  }
}
