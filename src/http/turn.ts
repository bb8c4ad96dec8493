import { after } from '../platform/clock.ts'
import { isHidden, visibilityChanges } from '../platform/visibility.ts'

/**
 * Waits for the next turn of a poll. While the page is hidden it does not come, and with its return it comes at once.
 *
 * @throws The signal's reason when it is aborted.
 */
export function nextTurn(delayMs: number, pausesWhenHidden: boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      cancel()
      shown?.unsubscribe()
      signal.removeEventListener('abort', abort)
    }
    const take = () => {
      leave()
      resolve()
    }
    const abort = () => {
      leave()
      reject(signal.reason)
    }
    const cancel = after(delayMs, () => {
      if (!pausesWhenHidden || !isHidden()) take()
    })
    const shown = pausesWhenHidden
      ? visibilityChanges().subscribe((hidden) => {
          if (!hidden) take()
        })
      : undefined
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}
