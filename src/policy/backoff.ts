import { CloseError, HttpError, type WireError } from '../errors.ts'
import { requireFinite, requirePositive } from '../validate.ts'
import { isHerdClose } from './close-code.ts'
import { isHerdStatus } from './http-status.ts'

/**
 * When the next attempt may start: `floorMs` from now, plus a uniformly random part of `spanMs`. The jitter is inside
 * the window, so no later clamping can make all clients retry at the same time.
 */
export interface DelayWindow {
  readonly floorMs: number
  readonly spanMs: number
}

/** Chooses the window for the retry after the `attempt`-th failure in a row (1 for the first). */
export type Backoff = (attempt: number, cause: WireError) => DelayWindow

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** The shortest delay, in milliseconds. Default 100, which prevents a tight loop. */
  readonly floorMs?: number | undefined
  /**
   * The window after the first failure, in milliseconds. Default 1,000: half of the clients reconnect within 600 ms.
   */
  readonly baseMs?: number | undefined
  /** The growth of each further window. Default 2. */
  readonly factor?: number | undefined
  /** The widest window, in milliseconds. Default 15,000: it spreads many clients, and a user can still wait for it. */
  readonly capMs?: number | undefined
  /**
   * The narrowest window after a restart of the server (503; close codes 1001, 1012, 1013), in milliseconds. Default
   * 5,000: all clients were dropped at the same time, and this window cuts the peak to a fifth.
   */
  readonly restartMs?: number | undefined
}

/**
 * Returns windows that grow exponentially: `floorMs + U(0, min(capMs, baseMs · factorⁿ⁻¹))`.
 *
 * @throws TypeError if an option is negative or not finite.
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
    // After a thousand failures the power is infinite, and zero times infinity is NaN.
    const spanMs = Math.min(capMs, baseMs * Math.min(factor ** (attempt - 1), Number.MAX_VALUE))
    return { floorMs, spanMs: isRestarting(cause) ? Math.max(spanMs, restartMs) : spanMs }
  }
}

// The jitter on top of a delay that the server asked for: half of the delay, at least a second. Without jitter, all
// clients that received the same delay would reconnect together.
const SERVER_JITTER_RATIO = 0.5
const SERVER_JITTER_MIN_MS = 1_000

/**
 * Returns the window after the server has ended a complete response. It widens if that keeps happening at once.
 *
 * @param shortLives How many connections in a row ended soon after they were opened.
 */
export function rotationWindow(shortLives: number): DelayWindow {
  return { floorMs: 1_000, spanMs: Math.min(15_000, 1_000 * 2 ** (delayedAttempt(0, shortLives) - 1)) }
}

/** Connections that end at once are not a problem until there are more in a row. */
export const LIVES_IN_FIRST_WINDOW = 5

/** Returns the attempt whose window is used: short connections widen it like failures, from the sixth on. */
export function delayedAttempt(failures: number, shortLives: number): number {
  return Math.max(1, failures, shortLives - LIVES_IN_FIRST_WINDOW + 1)
}

/**
 * Returns the delay of a wait: a floor plus a random part of a window. A delay that the server asked for raises the
 * floor and widens the window. Nothing is clamped afterwards.
 *
 * @param serverFloorMs From `Retry-After` or `retry:`; 0 if the server did not ask for a delay.
 * @param minJitterMs The least jitter on top of that delay. Default 1,000: the server may have asked all its clients.
 */
export function delayWithin(
  window: DelayWindow,
  serverFloorMs: number,
  random: () => number,
  minJitterMs: number = SERVER_JITTER_MIN_MS,
): number {
  const fromServer = serverFloorMs > 0 ? Math.max(minJitterMs, serverFloorMs * SERVER_JITTER_RATIO) : 0
  const floorMs = Math.max(window.floorMs, serverFloorMs)
  return floorMs + random() * Math.max(window.spanMs, fromServer)
}

/** Returns whether a value is a window of finite, non-negative numbers. */
export function isWindow(value: unknown): boolean {
  const { floorMs, spanMs } = (value ?? {}) as Partial<DelayWindow>
  return [floorMs, spanMs].every((ms) => Number.isFinite(ms) && Number(ms) >= 0)
}

/** Returns whether a failure means that the server dropped all its clients at once. */
export function isRestarting(error: WireError): boolean {
  if (error instanceof HttpError) return isHerdStatus(error.status)
  return error instanceof CloseError && isHerdClose(error.code)
}
