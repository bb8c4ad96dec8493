import type { AttemptContext } from '../../attempt.ts'
import { lineParser } from '../../decoders/lines.ts'
import { isGap } from '../../decoders/log-gap.ts'
import { type StreamDecoder, textStreamDecoder } from '../../decoders/stream-decoder.ts'
import type { ReconnectPolicy } from '../../policy/retry-policy.ts'
import { requirePositive } from '../../validate.ts'

/** Options of {@link logLines}. */
export interface LogLinesOptions {
  /** How long the response may be silent before it is requested again, in milliseconds. Default 45,000. */
  readonly stallTimeoutMs?: number | undefined
  /** When to retry, after which delay, and when to give up. Default: without a limit, as for a stream. */
  readonly retry?: ReconnectPolicy | undefined
}

/** Options for `fromFetchStream` that read a log of `rxwire/server` as lines. */
export interface LogLinesPreset<T> {
  readonly headers: (context: AttemptContext) => Record<string, string>
  readonly decode: StreamDecoder<T>
  readonly resume: true
  readonly retry: ReconnectPolicy
  readonly stallTimeoutMs: number
}

/** A line that the server sends. */
interface LogLine {
  readonly id?: string
  readonly data?: unknown
  readonly gap?: unknown
}

/**
 * Returns the options with which `fromFetchStream` reads a log of `rxwire/server` as lines of JSON: it resumes after the
 * last message, also if the connection was lost before the first one, and reports a gap. The log is complete when the
 * wire completes.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromFetchStream, logLines, messages } from 'rxwire'
 *
 * fromFetchStream('/ticks', logLines<{ price: number }>())
 *   .pipe(messages())
 *   .subscribe(({ price }) => console.info(price))
 * ```
 */
export function logLines<T = unknown>({ stallTimeoutMs = 45_000, retry }: LogLinesOptions = {}): LogLinesPreset<T> {
  requirePositive('logLines: stallTimeoutMs', stallTimeoutMs)
  return {
    headers: ({ cursor }) => ({ accept: 'application/x-ndjson', ...(cursor && { 'last-event-id': cursor }) }),
    decode: textStreamDecoder<LogLine | undefined, T>(
      (onLine, control, head) => {
        // Where the server has started, for a connection that is lost before the first message.
        const start = head?.headers.get('stream-next-offset')
        if (start) control?.moveCursor(start)
        return lineParser((line) => {
          // An empty line is a sign of life.
          if (line === '') return
          const read = parsed(line)
          if (read?.id !== undefined && isGap(read.gap, read.id)) control?.gap(read.id)
          else onLine(read, read?.id)
        }, {})
      },
      (read) => {
        if (read === undefined || !('data' in read)) throw new TypeError('it is no line {"id","data"} of a log')
        return read.data as T
      },
    ),
    resume: true,
    retry: { maxRetries: Number.POSITIVE_INFINITY, ...retry },
    stallTimeoutMs,
  }
}

/** Returns `undefined` for a line that is not an object: a bad message. */
function parsed(line: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
