import { after } from '../platform/clock.ts'
import { isHidden, lifecycle, lifecycleAdvice } from '../platform/page-lifecycle.ts'

/**
 * Resolves when the next poll is due. With `pausesWhenHidden`, it does not resolve while the page is hidden, and
 * resolves at once when the page or the network is back, and after a sleep.
 *
 * @throws As a rejection, the reason of the signal when it is aborted.
 */
export function untilNextPoll(delayMs: number, pausesWhenHidden: boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cleanUp = () => {
      cancel()
      lifecycleSubscription?.unsubscribe()
      signal.removeEventListener('abort', abort)
    }
    const poll = () => {
      cleanUp()
      resolve()
    }
    const abort = () => {
      cleanUp()
      reject(signal.reason)
    }
    const cancel = after(delayMs, () => {
      if (!pausesWhenHidden || !isHidden()) poll()
    })
    const lifecycleSubscription = pausesWhenHidden
      ? lifecycle().subscribe((change) => {
          if (lifecycleAdvice[change].waiting === 'retry-now' && !isHidden()) poll()
        })
      : undefined
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}
