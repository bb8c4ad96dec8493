import { withoutByteOrderMark } from './byte-order-mark.ts'
import { type StreamDecoder, textStreamDecoder } from './stream-decoder.ts'

/**
 * A body as the pieces of text in which it arrives, for a typewriter. A character that is cut in two comes whole.
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
    (onFrame) => {
      const clean = withoutByteOrderMark()
      return {
        push: (piece) => {
          const rest = clean(piece)
          if (rest !== '') onFrame(rest)
        },
        end: () => {},
      }
    },
    (piece) => piece,
  )
}
