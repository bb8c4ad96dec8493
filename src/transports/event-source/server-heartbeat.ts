import { now } from '../../platform/clock.ts'

// A comment so soon after the last one, or after the head, is a greeting or padding, and not what comes when all is quiet.
const APART_MIN_MS = 1_000
// What is further apart is no heartbeat: somebody slept.
const APART_MAX_MS = 300_000
// Shorter than the minute after which most proxies cut an idle connection, longer than a busy server's pause.
const LIMIT_MIN_MS = 20_000
const LIMIT_MAX_MS = 300_000
const LIMIT_GAPS = 2.5

/**
 * How long a server may be silent that sends comments as heartbeats, by how far apart they were so far. It is not the
 * silence before a comment that counts: a server may send one every 25 s although it has just said something.
 */
export class ServerHeartbeat {
  #apartMs = 0
  #lastMs = now()

  /** Whether the server has shown what it does when all is quiet. */
  get isKnown(): boolean {
    return this.#apartMs >= APART_MIN_MS
  }

  comment(): void {
    const apartMs = now() - this.#lastMs
    this.#lastMs += apartMs
    if (apartMs <= APART_MAX_MS) this.#apartMs = Math.max(this.#apartMs, apartMs)
  }

  limitMs(longestGapMs: number): number {
    if (!this.isKnown) return Number.POSITIVE_INFINITY
    return Math.min(LIMIT_MAX_MS, Math.max(LIMIT_MIN_MS, LIMIT_GAPS * Math.max(this.#apartMs, longestGapMs)))
  }
}
