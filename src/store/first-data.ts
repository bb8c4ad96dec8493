import { WireError } from '../errors.ts'
import { after } from '../platform/clock.ts'
import type { WireState } from '../state.ts'

// How long the connection stays open after the first data: the caller of `load` renders before it listens.
const LINGER_MS = 5_000
// How long a failure is kept, so that the caller can render it. A later call retries.
const FAILURE_LINGER_MS = 1_000

/** A store that can be loaded. */
interface Loadable {
  /** The current state, which listeners may not have received yet. */
  readonly state: WireState<unknown>
  readonly isLoaded: boolean
  subscribe(listener: () => void): () => void
}

/**
 * Listens to a store until it has data, and for `LINGER_MS` more, so that the connection is still open for the next
 * listener. A connection that fails in that time is released at once.
 *
 * @param onEnd Called when it stops listening.
 */
export function waitForFirstData(store: Loadable, timeoutMs: number, onEnd: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSettled = false
    let cancelLinger = () => {}
    const settle = (failure?: WireError) => {
      isSettled = true
      cancelTimeout()
      cancelLinger = after(failure === undefined ? LINGER_MS : FAILURE_LINGER_MS, end)
      if (failure === undefined) resolve()
      else reject(failure)
    }
    const end = () => {
      cancelLinger()
      unsubscribe()
      onEnd()
    }
    const check = () => {
      const failure = failureOf(store)
      if (isSettled) {
        if (store.isLoaded && store.state.connection === 'failed') end()
      } else if (store.isLoaded) settle()
      else if (failure !== undefined) settle(failure)
    }
    const cancelTimeout = after(timeoutMs, () => settle(timeoutError(store, timeoutMs)))
    const unsubscribe = store.subscribe(check)
    check()
  })
}

function timeoutError({ state: { connection, error } }: Loadable, timeoutMs: number): WireError {
  const message = `No message within ${timeoutMs} ms. The connection is ${connection}.`
  return new WireError('timeout', message, { retryable: true, cause: error })
}

function failureOf({ state }: Loadable): WireError | undefined {
  if (state.connection === 'failed') return state.error
  if (state.connection !== 'closed') return undefined
  return new WireError('closed', 'The wire ended before its first message.')
}
