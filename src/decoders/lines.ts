import { WireError } from '../errors.ts'
import { requirePositive } from '../validate.ts'
import { type RecordParser, type StreamDecoder, textStreamDecoder, withoutByteOrderMark } from './stream-decoder.ts'

/** Options of the decoders that read lines. */
export interface LinesOptions {
  /**
   * The maximum length of a line, in UTF-16 code units. Default 8,388,608 (8 Mi). A longer line fails the wire with
   * kind `overflow`.
   */
  readonly maxLength?: number | undefined
}

const MAX_LENGTH = 8 * 1024 * 1024

/**
 * Decodes a body as lines that end with LF or CRLF. The last line needs no line end.
 *
 * @throws TypeError if `maxLength` is not positive.
 *
 * @example
 * ```ts
 * import { fromFetchStream, lines, messages } from 'rxwire'
 *
 * fromFetchStream('/log', { decode: lines() }).pipe(messages()).subscribe((line) => console.info(line))
 * ```
 */
export function lines(options: LinesOptions = {}): StreamDecoder<string> {
  requirePositive('lines: maxLength', options.maxLength)
  return textStreamDecoder<string, string>(
    (onLine) => lineParser(onLine, options),
    (line) => line,
  )
}

/** Splits text into lines. The pieces of a long line are joined once, at its end. */
export function lineParser(
  onLine: (line: string) => void,
  { maxLength = MAX_LENGTH }: LinesOptions,
): RecordParser<string> {
  let pieces: string[] = []
  let length = 0
  const withoutBom = withoutByteOrderMark()
  const append = (piece: string) => {
    if (piece === '') return
    length += piece.length
    // A trailing CR may be part of the line end.
    if (length - (piece.endsWith('\r') ? 1 : 0) > maxLength) {
      throw new WireError(
        'overflow',
        `One line is longer than ${maxLength} characters. Send shorter lines, or raise maxLength.`,
      )
    }
    pieces.push(piece)
  }
  const finish = () => {
    const line = pieces.length === 1 ? (pieces[0] as string) : pieces.join('')
    pieces = []
    length = 0
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
  }
  return {
    push: (piece) => {
      const text = withoutBom(piece)
      let from = 0
      for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
        append(text.slice(from, at))
        from = at + 1
        finish()
      }
      append(text.slice(from))
    },
    end: () => {
      if (pieces.length > 0) finish()
      return false
    },
  }
}
