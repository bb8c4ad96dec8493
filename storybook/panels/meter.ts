const WINDOW_MS = 2_000
const PROBE_EVERY_MS = 20
// Twice the renders of a store that renders ten thousand messages a second, in the window.
const MAX_COMMITS = 40_000

/** One frame of a page. */
export interface Frame {
  readonly atMs: number
  readonly tookMs: number
}

/** What a page did in the last two seconds. */
export interface Load {
  /** Renders per second. */
  readonly commits: number
  /** How long the thread kept a task waiting, 99th percentile, in milliseconds. Input waits as long. */
  readonly inputDelayMs: number
  readonly longestFrameMs: number
}

/** Measures the page that it is in: its frames, its commits, and how long tasks wait. */
export class Meter {
  readonly #startedAtMs = performance.now()
  #frames: readonly Frame[] = []
  #commits: number[] = []
  #waits: readonly Frame[] = []

  get frames(): readonly Frame[] {
    return this.#frames
  }

  frame(atMs: number): void {
    const before = this.#frames.at(-1)
    this.#frames = [...this.#frames.slice(-239), { atMs, tookMs: before === undefined ? 0 : atMs - before.atMs }]
  }

  commit(): void {
    this.#commits.push(performance.now())
    if (this.#commits.length > MAX_COMMITS) this.#commits = this.#recent(this.#commits, (commit) => commit)
  }

  /** Measures how late a timer is, until the returned function is called. */
  watch(): () => void {
    let dueMs = performance.now() + PROBE_EVERY_MS
    let timer: ReturnType<typeof setTimeout>
    const probe = () => {
      const atMs = performance.now()
      this.#waits = [...this.#recent(this.#waits, (wait) => wait.atMs), { atMs, tookMs: Math.max(0, atMs - dueMs) }]
      dueMs = atMs + PROBE_EVERY_MS
      timer = setTimeout(probe, PROBE_EVERY_MS)
    }
    timer = setTimeout(probe, PROBE_EVERY_MS)
    return () => clearTimeout(timer)
  }

  load(): Load {
    const seconds = Math.max(250, Math.min(WINDOW_MS, performance.now() - this.#startedAtMs)) / 1_000
    const frames = this.#recent(this.#frames, ({ atMs }) => atMs)
    const waits = this.#recent(this.#waits, ({ atMs }) => atMs).map(({ tookMs }) => tookMs)
    return {
      commits: Math.round(this.#recent(this.#commits, (commit) => commit).length / seconds),
      inputDelayMs: Math.round(waits.sort((a, b) => a - b)[Math.floor(0.99 * waits.length)] ?? 0),
      longestFrameMs: Math.round(Math.max(0, ...frames.map(({ tookMs }) => tookMs))),
    }
  }

  #recent<E>(entries: readonly E[], atMs: (entry: E) => number): E[] {
    const sinceMs = performance.now() - WINDOW_MS
    const first = entries.findIndex((entry) => atMs(entry) >= sinceMs)
    return first === -1 ? [] : entries.slice(first)
  }
}
