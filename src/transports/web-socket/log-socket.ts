import { isGap } from '../../decoders/log-gap.ts'
import { requirePositive } from '../../validate.ts'
import { pingPong } from './heartbeat.ts'
import type { FrameDecoder, WebSocketOptions } from './options.ts'

/** Options of {@link logSocket}. */
export interface LogSocketOptions {
  /** How long the connection may be silent before it is replaced, in milliseconds. Default 45,000. */
  readonly stallTimeoutMs?: number | undefined
}

/** Options for `fromWebSocket` that read a log of `rxwire/server`. */
export interface LogSocketPreset<T>
  extends Required<Pick<WebSocketOptions<T>, 'closeCodes' | 'idOf' | 'heartbeat' | 'sendOnOpen' | 'stallTimeoutMs'>> {
  readonly createDecoder: () => FrameDecoder<T>
}

/** What the server sends. */
interface LogFrame {
  readonly id?: unknown
  readonly data?: unknown
  readonly gap?: unknown
  readonly resumed?: boolean
}

/** A frame without data. It is not delivered. */
const CONTROL = Symbol('control')
/** A frame that reports a gap. */
const LOST = Symbol('gap')

/**
 * Returns the options with which `fromWebSocket` reads a log of `rxwire/server`: it resumes after the last message, also
 * if the connection was lost before the first one, and reports a gap.
 *
 * The close codes 4400 (the cursor is malformed) and 4404 (the log was deleted) end the wire.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromWebSocket, logSocket, messages } from 'rxwire'
 *
 * fromWebSocket('/ticks', logSocket<{ price: number }>())
 *   .pipe(messages())
 *   .subscribe(({ price }) => console.info(price))
 * ```
 */
export function logSocket<T = unknown>(options: LogSocketOptions = {}): LogSocketPreset<T> {
  const { stallTimeoutMs = 45_000 } = options
  requirePositive('logSocket: stallTimeoutMs', stallTimeoutMs)
  // `idOf` is called for a message right after it was decoded.
  let id: string | undefined
  return {
    sendOnOpen: ({ cursor = '' }) => JSON.stringify({ resume: cursor }),
    createDecoder: () => {
      // The server may have started elsewhere before the first frame arrived. Such messages are not part of this wire.
      let isResumed = false
      return {
        messages: (text) => {
          const frame = JSON.parse(String(text)) as LogFrame
          isResumed ||= frame.resumed === true
          return isResumed ? [frame] : []
        },
        decode: (payload) => {
          const frame = payload as LogFrame
          id = typeof frame.id === 'string' ? frame.id : undefined
          if ('data' in frame) return frame.data as T
          return (isGap(frame.gap, id) ? LOST : CONTROL) as T
        },
        isGap: (message) => (message as unknown) === LOST,
        isControl: (message) => (message as unknown) === CONTROL,
      }
    },
    idOf: () => id,
    heartbeat: pingPong({ ping: () => '{"ping":true}' }),
    stallTimeoutMs,
    closeCodes: { 4400: 'fail', 4404: 'fail' },
  }
}
