/** What tabs need of their browser. */
export interface TabPlatform {
  /** An id of this member, unique among all tabs. */
  newId(): string
  /**
   * Waits for a lock, without a time limit, and holds it until the promise of `hold` has settled. Rejects if `signal` is
   * aborted before, or if the page may not use locks.
   */
  lock(name: string, signal: AbortSignal, hold: () => Promise<void>): Promise<unknown>
  /** @throws If the page may not use channels. */
  openChannel(name: string, onData: (data: unknown) => void): TabChannel
  /** Returns a term above the stored one and `seen`, and stores it. Called only by the tab that holds the lock. */
  nextTerm(name: string, seen: number): number
  isHidden(): boolean
  now(): number
  after(delayMs: number, run: () => void): () => void
}

/** A channel to all other tabs with the same name. */
export interface TabChannel {
  /** @throws If the data cannot be cloned. */
  post(data: unknown): void
  close(): void
}

/** The tab of this page. */
export const browserTab: TabPlatform = {
  // `crypto.randomUUID` is missing where each tab has its own connection.
  newId: () => String(Math.random()),
  lock: async (name, signal, hold) => navigator.locks.request(name, { signal }, hold),
  openChannel: (name, onData) => {
    // Some runtimes of servers have locks and channels, but no tabs. Pages on http have no locks.
    if (typeof document === 'undefined' || !('locks' in navigator)) throw new Error('No tabs.')
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => onData(data)
    return { post: (data) => channel.postMessage(data), close: () => channel.close() }
  },
  nextTerm: (name, seen) => {
    try {
      const stored = Number(localStorage.getItem(name))
      const term = Math.max(Number.isSafeInteger(stored) ? stored : 0, seen) + 1
      localStorage.setItem(name, String(term))
      return term
    } catch {
      // Without storage, the time is above every term of a leader before this one.
      return Math.max(seen + 1, Date.now())
    }
  },
  isHidden: () => document.visibilityState === 'hidden',
  now: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
