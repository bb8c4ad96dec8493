import type { DelayWindow } from './backoff.ts'

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
