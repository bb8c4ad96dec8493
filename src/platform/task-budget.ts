import { preciseNow } from './clock.ts'

// Browsers call a task long from 50 ms on. The page needs part of a frame (16 ms) for itself.
const BUDGET_MS = 10
// Work that starts after a pause belongs to another task.
const PAUSE_MS = 1
// How many messages are handled between two looks at the clock.
const MESSAGES_PER_CHECK = 64

/** Tells when work has kept the thread for so long that the page should have a turn. */
export class TaskBudget {
  #spentMs = 0
  #lastMs = Number.NEGATIVE_INFINITY

  /** Call it when a piece of work starts. */
  start(): void {
    const nowMs = preciseNow()
    if (nowMs - this.#lastMs >= PAUSE_MS) this.#spentMs = 0
    this.#lastMs = nowMs
  }

  /** Adds the time since the last call. Returns that time, in milliseconds. */
  spend(): number {
    const nowMs = preciseNow()
    const tookMs = nowMs - this.#lastMs
    this.#spentMs += tookMs
    this.#lastMs = nowMs
    return tookMs
  }

  get isSpent(): boolean {
    return this.#spentMs >= BUDGET_MS
  }

  /** Resolves in another task, after the page has handled input and rendered if it needs to. */
  async renew(): Promise<void> {
    await new Promise<void>(inNextTask)
    this.#spentMs = 0
    this.#lastMs = preciseNow()
  }
}

/** Spends for each message that was handled. Hot path: it reads the clock only for some of them. */
export function spendMessage(budget: TaskBudget, index: number): void {
  if (index % MESSAGES_PER_CHECK === MESSAGES_PER_CHECK - 1) budget.spend()
}

/**
 * Calls `run` in another task. A message, because `setTimeout` is delayed by 4 ms, and the continuations of
 * `scheduler.yield` run before all timers of the page.
 */
export function inNextTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(undefined)
}
