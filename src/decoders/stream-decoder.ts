/** Takes a body in pieces, however it is cut, and hands on what is whole. */
export interface RecordParser<Piece> {
  /** @throws WireError of kind `overflow` if something grows past its bound. */
  push(piece: Piece): void
  /** The body has ended. What a missing last separator held back is handed on. */
  end(): void
}

/** Receives what is whole: the record, the id that it carries, and its name. */
export type OnRecord<F> = (record: F, id?: string, name?: string) => void

/** How a body becomes messages: cut into frames, each of which is decoded by itself. */
export type StreamDecoder<T> = TextStreamDecoder<T> | ByteStreamDecoder<T>

/** A {@link StreamDecoder} that is given text: the bytes are read as UTF-8 first. */
export interface TextStreamDecoder<T> {
  readonly reads: 'text'
  start(onRecord: OnRecord<unknown>): RecordParser<string>
  /** What it throws makes the frame a bad message. */
  decode(record: never): T
}

/** A {@link StreamDecoder} that is given the bytes as they come. */
export interface ByteStreamDecoder<T> {
  readonly reads: 'bytes'
  start(onRecord: OnRecord<unknown>): RecordParser<Uint8Array<ArrayBuffer>>
  decode(record: never): T
}

/** A decoder of text. What stands between its two halves is its own business. */
export function textStreamDecoder<F, T>(
  start: (onRecord: OnRecord<F>) => RecordParser<string>,
  decode: (record: F) => T,
): TextStreamDecoder<T> {
  return { reads: 'text', start, decode }
}

const BYTE_ORDER_MARK = '\uFEFF'

/** Takes the byte order mark from the beginning of a text that comes in pieces. */
export function withoutByteOrderMark(): (piece: string) => string {
  let isFirst = true
  return (piece) => {
    const rest = isFirst && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(1) : piece
    if (piece !== '') isFirst = false
    return rest
  }
}
