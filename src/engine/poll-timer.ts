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

// A server that responds sooner does not hold requests, and must not be polled in a tight loop.
const INSTANT_MS = 1_000
const IDLE_MIN_MS = 250
const IDLE_MAX_MS = 15_000
// How soon a response that moved the cursor is followed by the next request: at most ten a second.
const NEWS_MIN_MS = 100

/** [law] 15: how soon a response is followed by the next request. The delay grows while the server responds at once. */
export class PollPacing {
  #instantPolls = 0

  /**
   * Returns the delay before the next request, in milliseconds.
   *
   * @param heldMs How long the response took.
   * @param hasMoved Whether it moved the resume point.
   */
  delayMs(heldMs: number, hasMoved: boolean): number {
    this.#instantPolls = hasMoved || heldMs >= INSTANT_MS ? 0 : this.#instantPolls + 1
    if (hasMoved) return Math.max(0, NEWS_MIN_MS - heldMs)
    const spanMs = Math.min(IDLE_MAX_MS, IDLE_MIN_MS * 2 ** Math.max(0, this.#instantPolls - 1))
    return spanMs * (0.5 + Math.random() / 2)
  }
}
