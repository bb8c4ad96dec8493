import type { OnFrame, StreamDecoder } from './stream-decoder.ts'

/**
 * A body as the pieces of bytes in which it arrives. The id of each is how many bytes have come with it.
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
    begin: (onFrame: OnFrame<Uint8Array<ArrayBuffer>>) => {
      let loaded = 0
      return {
        push: (piece) => {
          loaded += piece.byteLength
          onFrame(piece, String(loaded))
        },
        end: () => {},
      }
    },
    decode: (piece: Uint8Array<ArrayBuffer>) => piece,
  }
}
