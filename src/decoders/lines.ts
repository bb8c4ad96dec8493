import { WireError } from '../errors.ts'
import { requirePositive } from '../validate.ts'
import { type RecordParser, type StreamDecoder, textStreamDecoder, withoutByteOrderMark } from './stream-decoder.ts'

/** Options of the decoders that read lines. */
export interface LinesOptions {
  /** The bound of one line, as `String.length` counts. Default 8 Mi; a longer one fails the wire with kind `overflow`. */
  readonly maxLength?: number | undefined
}

const MAX_LENGTH = 8 * 1024 * 1024

/**
 * A body as lines, ended by LF or CRLF; the last one needs no end.
 *
 * @throws TypeError if `maxLength` is not above 0.
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

/** Cuts text into lines. The pieces of a long line are joined once, at its end. */
export function lineParser(
  onLine: (line: string) => void,
  { maxLength = MAX_LENGTH }: LinesOptions,
): RecordParser<string> {
  let begun: string[] = []
  let begunLength = 0
  const clean = withoutByteOrderMark()
  const hold = (piece: string) => {
    if (piece === '') return
    begunLength += piece.length
    // A CR may be half of the line's end.
    if (begunLength - (piece.endsWith('\r') ? 1 : 0) > maxLength) {
      throw new WireError('overflow', `One line is longer than ${maxLength} characters. Raise maxLength, or send less.`)
    }
    begun.push(piece)
  }
  const finish = () => {
    const line = begun.length === 1 ? (begun[0] as string) : begun.join('')
    begun = []
    begunLength = 0
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
  }
  return {
    push: (piece) => {
      const text = clean(piece)
      let from = 0
      for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
        hold(text.slice(from, at))
        from = at + 1
        finish()
      }
      hold(text.slice(from))
    },
    end: () => {
      if (begun.length > 0) finish()
    },
  }
}
