const WINDOW_MS = 2_000

/** One frame of a page. */
export interface Frame {
  readonly atMs: number
  readonly tookMs: number
}

/** What a page has done of late, a second of it. */
export interface Load {
  readonly messages: number
  readonly commits: number
  /** How long tasks of more than 50 ms have kept everything else waiting, in milliseconds. */
  readonly blockedMs: number
  readonly longestFrameMs: number
}

/** Measures the page that it is in: its frames, its commits, and what has blocked it. */
export class Meter {
  readonly #begunAtMs = performance.now()
  #frames: readonly Frame[] = []
  #commits: readonly number[] = []
  #blocks: readonly Frame[] = []
  #messages: readonly { readonly atMs: number; readonly count: number }[] = []

  get frames(): readonly Frame[] {
    return this.#frames
  }

  frame(atMs: number): void {
    const before = this.#frames.at(-1)
    this.#frames = [...this.#frames.slice(-239), { atMs, tookMs: before === undefined ? 0 : atMs - before.atMs }]
  }

  commit(count: number): void {
    const atMs = performance.now()
    this.#commits = [...this.#recent(this.#commits, (commit) => commit), atMs]
    this.#messages = [...this.#recent(this.#messages, (message) => message.atMs), { atMs, count }]
  }

  /** Watches the tasks that block the page, until it is told to stop. */
  watch(): () => void {
    const observer = new PerformanceObserver((list) => {
      const blocks = list.getEntries().map(({ startTime, duration }) => ({ atMs: startTime, tookMs: duration }))
      this.#blocks = [...this.#recent(this.#blocks, ({ atMs }) => atMs), ...blocks]
    })
    observer.observe({ type: 'longtask' })
    return () => observer.disconnect()
  }

  /** By the last two seconds, or by what there has been since it was made. */
  load(): Load {
    const seconds = Math.max(250, Math.min(WINDOW_MS, performance.now() - this.#begunAtMs)) / 1_000
    const messages = this.#recent(this.#messages, ({ atMs }) => atMs)
    const frames = this.#recent(this.#frames, ({ atMs }) => atMs)
    const blocks = this.#recent(this.#blocks, ({ atMs }) => atMs)
    return {
      messages: Math.round(((messages.at(-1)?.count ?? 0) - (messages[0]?.count ?? 0)) / seconds),
      commits: Math.round(this.#recent(this.#commits, (commit) => commit).length / seconds),
      blockedMs: Math.round(blocks.reduce((sum, { tookMs }) => sum + tookMs, 0) / seconds),
      longestFrameMs: Math.round(Math.max(0, ...frames.map(({ tookMs }) => tookMs))),
    }
  }

  #recent<E>(entries: readonly E[], atMs: (entry: E) => number): readonly E[] {
    const sinceMs = performance.now() - WINDOW_MS
    const first = entries.findIndex((entry) => atMs(entry) >= sinceMs)
    return first === -1 ? [] : entries.slice(first)
  }
}
