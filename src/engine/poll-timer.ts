import { after } from '../platform/clock.ts'
import { isHidden, lifecycle, lifecycleAdvice } from '../platform/page-lifecycle.ts'

/**
 * Waits for the next turn of a poll. While the page is hidden it does not come. When the page or the network is back,
 * and after a sleep, it comes at once.
 *
 * @throws The signal's reason when it is aborted.
 */
export function untilNextPoll(delayMs: number, pausesWhenHidden: boolean, signal: AbortSignal): Promise<void> {
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
      ? lifecycle().subscribe((signal) => {
          if (lifecycleAdvice[signal].waiting === 'retry-now' && !isHidden()) take()
        })
      : undefined
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}
