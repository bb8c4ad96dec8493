/** Parses a body that arrives in pieces, and emits each complete record. */
export interface RecordParser<Piece> {
  /** @throws WireError of kind `overflow` if a record exceeds its limit. */
  push(piece: Piece): void
  /** The body has ended. Emits the last record if only its separator is missing. */
  end(): void
}

/** Receives a complete record, its id and its name. */
export type OnRecord<R> = (record: R, id?: string, name?: string) => void

/** Turns a body into messages: it is split into records, each of which is decoded. */
export type StreamDecoder<T> = TextStreamDecoder<T> | ByteStreamDecoder<T>

/** A {@link StreamDecoder} of text. The bytes are decoded as UTF-8 first. */
export interface TextStreamDecoder<T> {
  readonly reads: 'text'
  start(onRecord: OnRecord<unknown>): RecordParser<string>
  /** A record for which this throws is a bad message. */
  decode(record: never): T
}

/** A {@link StreamDecoder} of bytes, in the pieces in which they arrive. */
export interface ByteStreamDecoder<T> {
  readonly reads: 'bytes'
  start(onRecord: OnRecord<unknown>): RecordParser<Uint8Array<ArrayBuffer>>
  decode(record: never): T
}

/** Creates a decoder of text. Hides the type of its records from callers. */
export function textStreamDecoder<R, T>(
  start: (onRecord: OnRecord<R>) => RecordParser<string>,
  decode: (record: R) => T,
): TextStreamDecoder<T> {
  return { reads: 'text', start, decode }
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
