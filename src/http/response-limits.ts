import { type StallLimit, StallWatch, stallError } from '../engine/stall-watch.ts'
import { WireError } from '../errors.ts'
import { after } from '../platform/clock.ts'
import { trackHeldConnection } from './diagnostics/connection-limit.ts'
import { type ResolvedRequest, shownUrl } from './request.ts'

/** The time limits of one request. */
export interface ResponseLimits {
  /** How long the request may wait for the head of its response, in milliseconds. */
  readonly headTimeoutMs: number
  /** Returns the error of a head that is late. */
  readonly lateHead: () => WireError
  /** How long the body may be silent. */
  readonly stallLimit: StallLimit
}

/**
 * Sends a request with time limits of its own, for an attempt that sends several. The connection is closed afterwards,
 * also if the body was not read.
 *
 * @param send Sends the request with the given signal, and calls `onHead` when the head has arrived. That returns the
 *   watch, which must be notified of the activity of the body.
 * @throws WireError of kind `timeout` if the head is late, or if the body stalls.
 */
export async function withinLimits<R>(
  request: ResolvedRequest,
  { headTimeoutMs, lateHead, stallLimit }: ResponseLimits,
  signal: AbortSignal,
  send: (signal: AbortSignal, onHead: () => StallWatch) => Promise<R>,
): Promise<R> {
  const own = new AbortController()
  const abort = () => own.abort(signal.reason)
  signal.addEventListener('abort', abort)
  const cancelTimeout = after(headTimeoutMs, () => own.abort(lateHead()))
  const watch = new StallWatch(stallLimit, (silentMs, limitMs) => own.abort(stallError(silentMs, limitMs)), own.signal)
  const responded = trackHeldConnection(request, own.signal)
  try {
    return await send(own.signal, () => {
      responded()
      cancelTimeout()
      watch.activity()
      return watch
    })
  } catch (error) {
    throw own.signal.aborted && !signal.aborted ? own.signal.reason : error
  } finally {
    cancelTimeout()
    signal.removeEventListener('abort', abort)
    own.abort()
  }
}

/** Returns the error of a poll that has no response within its limit. */
export function heldTooLong(request: ResolvedRequest, holdTimeoutMs: number): WireError {
  const message =
    `${request.method} ${shownUrl(request)} was held for more than ${holdTimeoutMs} ms without a response. If the ` +
    'server holds requests longer than that, raise holdTimeoutMs.'
  return new WireError('timeout', message, { retryable: true })
}
