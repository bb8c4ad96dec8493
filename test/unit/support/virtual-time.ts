import { afterEach, beforeEach, vi } from 'vitest'

export const START_MS = Date.UTC(2025, 0, 1)

/** Installs fake timers and a fake clock for each test in the file. */
export function virtualTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: START_MS })
  })
  afterEach(() => {
    // All callbacks of a page share one frame. A pending frame must not run in the next test.
    vi.runOnlyPendingTimers()
    // A spy on a fake timer that is restored later would put the fake timer back, for all later files of the worker.
    vi.restoreAllMocks()
    vi.useRealTimers()
  })
}
