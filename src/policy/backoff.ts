import { CloseError, HttpError, type WireError } from '../errors.ts'
import { requireFinite, requirePositive } from '../validate.ts'
import { isHerdClose } from './close-code.ts'
import { isHerdStatus } from './http-status.ts'

/**
 * Where the next attempt may fall: `floorMs` from now, plus a uniformly random part of `spanMs`. Jitter lies
 * inside the window, so nothing that is done with it can put all clients back on the same instant.
 */
export interface DelayWindow {
  readonly floorMs: number
  readonly spanMs: number
}

/** Chooses the window for the retry after the `attempt`-th failure in a row (1 for the first). */
export type Backoff = (attempt: number, cause: WireError) => DelayWindow

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** Never earlier than this. Default 100 ms: a tight loop is no retry. */
  readonly floorMs?: number | undefined
  /** The window after the first failure. Default 1,000 ms: half of the clients are back within 600 ms. */
  readonly baseMs?: number | undefined
  /** How much wider each further window is. Default 2. */
  readonly factor?: number | undefined
  /** The widest window. Default 15,000 ms: long enough to thin out a herd, short enough to be waited for. */
  readonly capMs?: number | undefined
  /**
   * The narrowest window when the server said that it restarts (503; close codes 1001, 1012, 1013). Default
   * 5,000 ms: everyone was dropped in the same instant, and a window this wide cuts the peak to a fifth.
   */
  readonly restartMs?: number | undefined
}

/**
 * Windows that widen exponentially: `floorMs + U(0, min(capMs, baseMs · factorⁿ⁻¹))`.
 *
 * @throws TypeError if an option is negative or no finite number.
 *
 * @example
 * ```ts
 * import { exponential, fromEventSource } from 'rxwire'
 *
 * fromEventSource('/ticks', { reconnect: { backoff: exponential({ baseMs: 500, capMs: 5_000 }) } })
 * ```
 */
export function exponential(options: ExponentialOptions = {}): Backoff {
  const { floorMs = 100, baseMs = 1_000, factor = 2, capMs = 15_000, restartMs = 5_000 } = options
  requireFinite('exponential: floorMs', floorMs)
  requireFinite('exponential: baseMs', baseMs)
  requirePositive('exponential: factor', factor)
  requireFinite('exponential: capMs', capMs)
  requireFinite('exponential: restartMs', restartMs)
  return (attempt, cause) => {
    // After a thousand failures the power is infinite, and zero times that is not a number.
    const spanMs = Math.min(capMs, baseMs * Math.min(factor ** (attempt - 1), Number.MAX_VALUE))
    return { floorMs, spanMs: isRestarting(cause) ? Math.max(spanMs, restartMs) : spanMs }
  }
}

// Jitter on top of a time that the server gave: half of it, at least a second, or all come back together.
const SERVER_JITTER_RATIO = 0.5
const SERVER_JITTER_MIN_MS = 1_000

/**
 * The one formula for every wait: a floor plus a random part of a window. A time that the server gave only
 * ever raises the floor and widens the window; nothing is clamped afterwards.
 *
 * @param serverFloorMs From `Retry-After` or `retry:`; 0 if the server said nothing.
 */
export function delayWithin(window: DelayWindow, serverFloorMs: number, random: () => number): number {
  if (!(window.floorMs >= 0 && window.spanMs >= 0)) {
    throw new TypeError('backoff must return { floorMs, spanMs }, both numbers of 0 or more')
  }
  const fromServer = serverFloorMs > 0 ? Math.max(SERVER_JITTER_MIN_MS, serverFloorMs * SERVER_JITTER_RATIO) : 0
  const floorMs = Math.max(window.floorMs, serverFloorMs)
  return floorMs + random() * Math.max(window.spanMs, fromServer)
}

/** Whether a failure means that every client was dropped at once. */
export function isRestarting(error: WireError): boolean {
  if (error instanceof HttpError) return isHerdStatus(error.status)
  return error instanceof CloseError && isHerdClose(error.code)
}
