import type { StreamDecoder } from './stream-decoder.ts'

/**
 * A body as the pieces of bytes in which it arrives.
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
    begin: (onFrame: (frame: Uint8Array<ArrayBuffer>) => void) => ({ push: onFrame, end: () => {} }),
    decode: (piece: Uint8Array<ArrayBuffer>) => piece,
  }
}
