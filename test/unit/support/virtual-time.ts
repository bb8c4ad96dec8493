import { afterEach, beforeEach, vi } from 'vitest'

export const START_MS = Date.UTC(2025, 0, 1)

/** Timers and clock of each test in the file stand still until the test moves them. */
export function virtualTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: START_MS })
  })
  afterEach(() => {
    // A frame is the same for all of a page: what is due in one must not be left over for the next test.
    vi.runOnlyPendingTimers()
    vi.useRealTimers()
  })
}
