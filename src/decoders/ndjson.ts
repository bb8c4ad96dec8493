import { requirePositive } from '../validate.ts'
import { type Decode, decodeFunction, requireDecode } from './decode-message.ts'
import { type LinesOptions, lineParser } from './lines.ts'
import { type StreamDecoder, textStreamDecoder } from './stream-decoder.ts'

/** Options of {@link ndjson}. */
export interface NdjsonOptions<T> extends LinesOptions {
  /**
   * Turns the parsed JSON of a line into a message: a function, or a synchronous Standard Schema. Default: the parsed
   * JSON itself.
   */
  readonly decode?: Decode<unknown, T> | undefined
}

/**
 * Decodes a body as lines of JSON (NDJSON, JSON Lines). Empty lines are skipped. A line that is not JSON is a bad
 * message.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages, ndjson } from 'rxwire'
 *
 * fromFetchStream('/rows', { decode: ndjson<{ id: number }>() }).pipe(messages()).subscribe(({ id }) => console.info(id))
 * ```
 */
export function ndjson<T = unknown>(options: NdjsonOptions<T> = {}): StreamDecoder<T> {
  requirePositive('ndjson: maxLength', options.maxLength)
  if (options.decode !== undefined) requireDecode(options.decode)
  const decode =
    options.decode === undefined ? (value: unknown) => value as T : decodeFunction(options.decode, 'parsed')
  return textStreamDecoder<string, T>(
    (onLine) =>
      lineParser((line) => {
        if (line.trim() !== '') onLine(line)
      }, options),
    (line) => decode(JSON.parse(line)),
  )
}
