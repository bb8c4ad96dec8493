import { now } from '../../platform/clock.ts'

// A comment within this time after another one is padding, not a heartbeat.
const INTERVAL_MIN_MS = 1_000
// A longer interval includes a sleep of the machine.
const INTERVAL_MAX_MS = 300_000
// Shorter than the minute after which most proxies close an idle connection, longer than a pause of a busy server.
const LIMIT_MIN_MS = 20_000
const LIMIT_MAX_MS = 300_000
const LIMIT_FACTOR = 2.5

/**
 * Derives the silence limit of a connection from the heartbeats of its server. The interval between two comments
 * counts, not the silence before one: a server may send a comment every 25 s even right after an event.
 */
export class ServerHeartbeat {
  #intervalMs = 0
  /** When the last comment was received. One alone may be a greeting. */
  #lastMs: number | undefined

  /** Whether the server has sent heartbeats. */
  get isKnown(): boolean {
    return this.#intervalMs >= INTERVAL_MIN_MS
  }

  comment(): void {
    const nowMs = now()
    const intervalMs = nowMs - (this.#lastMs ?? nowMs)
    this.#lastMs = nowMs
    if (intervalMs <= INTERVAL_MAX_MS) this.#intervalMs = Math.max(this.#intervalMs, intervalMs)
  }

  limitMs(longestGapMs: number): number {
    if (!this.isKnown) return Number.POSITIVE_INFINITY
    return Math.min(LIMIT_MAX_MS, Math.max(LIMIT_MIN_MS, LIMIT_FACTOR * Math.max(this.#intervalMs, longestGapMs)))
  }
}
