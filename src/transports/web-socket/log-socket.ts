import { requireFunction, requirePositive } from '../../validate.ts'
import { pingPong } from './heartbeat.ts'
import type { FrameDecoder, WebSocketOptions } from './options.ts'

/** Items that a log no longer has. */
export interface LogGap {
  /** The id after which items are missing. */
  readonly from: string
  /** The id after which the log continues. */
  readonly to: string
}

/** Options of {@link logSocket}. */
export interface LogSocketOptions {
  /** Called when messages were lost: the log has dropped them, or it was wiped. Default: nothing. */
  readonly onGap?: ((gap: LogGap) => void) | undefined
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
  readonly gap?: LogGap
  readonly resumed?: boolean
}

/** A frame without data. It is not delivered. */
const CONTROL = Symbol('control')

/**
 * Returns the options with which `fromWebSocket` reads a log of `rxwire/server`: it resumes after the last message, also
 * if the connection was lost before the first one.
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
  const { onGap, stallTimeoutMs = 45_000 } = options
  requireFunction('logSocket: onGap', onGap)
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
          if (frame.gap !== undefined) onGap?.(frame.gap)
          return CONTROL as T
        },
      }
    },
    idOf: () => id,
    heartbeat: pingPong({ ping: () => '{"ping":true}', isPong: (message) => (message as unknown) === CONTROL }),
    stallTimeoutMs,
    closeCodes: { 4400: 'fail', 4404: 'fail' },
  }
}
