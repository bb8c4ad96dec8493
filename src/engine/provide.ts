import type { Attempt, AttemptContext } from '../attempt.ts'
import { isPromise } from '../callback.ts'
import { isWireError, messageOf, WireError } from '../errors.ts'
import { after } from '../platform/clock.ts'
import { freezeContext, type Provider } from '../provider.ts'

/** An attempt that waits for values of the caller. */
export type WaitingAttempt = AttemptContext & Pick<Attempt<unknown>, 'signal'>

// Longer than any token endpoint takes, and short enough to notice a promise that nothing will settle.
const SETTLE_TIMEOUT_MS = 30_000

/**
 * Returns the value of a provider. An error that the function throws is a retryable failure of the attempt, because a
 * token endpoint may be down for a moment. A `WireError` passes through unchanged.
 *
 * @param limitMs How long a promise may take, in milliseconds.
 * @throws WireError of kind `timeout` if it takes longer; the reason of the signal if the attempt ends before.
 */
export async function provide<V>(
  option: string,
  provider: Provider<V>,
  attempt: WaitingAttempt,
  limitMs?: number,
): Promise<V> {
  if (typeof provider !== 'function') return provider
  try {
    const context = freezeContext(attempt)
    const value = (provider as (context: AttemptContext) => V | Promise<V>)(context)
    return isPromise(value) ? await settled(option, value, attempt.signal, limitMs) : value
  } catch (cause) {
    if (isWireError(cause) || attempt.signal.aborted) throw cause
    throw new WireError('network', `The ${option} function threw: ${messageOf(cause)}`, { retryable: true, cause })
  }
}

/**
 * Waits for a promise of the caller, for a limited time.
 *
 * @throws WireError of kind `timeout` if it does not settle within `limitMs`; the reason of the signal if that is aborted
 *   before.
 */
export function settled<V>(
  option: string,
  promise: PromiseLike<V>,
  signal: AbortSignal,
  limitMs: number = SETTLE_TIMEOUT_MS,
): Promise<V> {
  return new Promise<V>((resolve, reject) => {
    const stop = () => {
      cancel()
      signal.removeEventListener('abort', abort)
    }
    const abort = () => {
      stop()
      reject(signal.reason)
    }
    const cancel = after(limitMs, () => {
      const message = `The ${option} function did not settle within ${limitMs} ms.`
      reject(new WireError('timeout', message, { retryable: true }))
    })
    signal.addEventListener('abort', abort)
    // Also if the attempt has ended: a rejection that nothing handles is an error of the page.
    Promise.resolve(promise).then(resolve, reject).then(stop)
    if (signal.aborted) abort()
  })
}
