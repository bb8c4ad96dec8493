import { type StreamDecoder, textStreamDecoder, withoutByteOrderMark } from './stream-decoder.ts'

/**
 * Decodes a body as the pieces of text in which it arrives, for example to show a text while it is generated. A
 * character that is split across two pieces arrives whole.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages, text } from 'rxwire'
 *
 * fromFetchStream('/story', { decode: text() }).pipe(messages()).subscribe((piece) => document.body.append(piece))
 * ```
 */
export function text(): StreamDecoder<string> {
  return textStreamDecoder<string, string>(
    (onRecord) => {
      const withoutBom = withoutByteOrderMark()
      return {
        push: (piece) => {
          const rest = withoutBom(piece)
          if (rest !== '') onRecord(rest)
        },
        end: () => false,
      }
    },
    (piece) => piece,
    { keepsPieces: true },
  )
}

/**
 * Decodes a body as the pieces of bytes in which it arrives.
 *
 * @example
 * ```ts
 * import { bytes, fromFetchStream, messages } from 'rxwire'
 *
 * fromFetchStream('/video', { decode: bytes() }).pipe(messages()).subscribe((piece) => console.info(piece.byteLength))
 * ```
 */
export function bytes(): StreamDecoder<Uint8Array<ArrayBuffer>> {
  return {
    reads: 'bytes',
    start: (onRecord: (record: Uint8Array<ArrayBuffer>) => void) => ({ push: onRecord, end: () => false }),
    decode: (piece: Uint8Array<ArrayBuffer>) => piece,
  }
}
