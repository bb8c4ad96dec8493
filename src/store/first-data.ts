import { WireError } from '../errors.ts'
import { after } from '../platform/clock.ts'
import type { WireState } from '../state.ts'

// From the first data to the first who listens: whoever waited for it still has to render.
const GRACE_MS = 5_000
// A failure is kept only as long as it takes to show it: whoever asks again then means to try again.
const FAILED_GRACE_MS = 1_000

/** What can be waited for. */
interface Loadable {
  /** As it is now, also if nobody has been shown it yet. */
  readonly state: WireState<unknown>
  readonly isLoaded: boolean
  subscribe(listener: () => void): () => void
}

/**
 * Listens until there is data, and for another moment, so that the connection is still there for who comes then. It does
 * not hold what fails in that moment: whoever comes then means to try again.
 *
 * @param onLeft Called when it no longer listens.
 */
export function firstData(store: Loadable, timeoutMs: number, onLeft: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSettled = false
    let cancelGrace = () => {}
    const settle = (failure?: WireError) => {
      isSettled = true
      cancelTimeout()
      cancelGrace = after(failure === undefined ? GRACE_MS : FAILED_GRACE_MS, end)
      if (failure === undefined) resolve()
      else reject(failure)
    }
    const end = () => {
      cancelGrace()
      leave()
      onLeft()
    }
    const look = () => {
      const failure = failureOf(store)
      if (isSettled) {
        if (store.isLoaded && store.state.connection === 'failed') end()
      } else if (store.isLoaded) settle()
      else if (failure !== undefined) settle(failure)
    }
    const cancelTimeout = after(timeoutMs, () => settle(silence(store, timeoutMs)))
    const leave = store.subscribe(look)
    look()
  })
}

function silence({ state: { connection, error } }: Loadable, timeoutMs: number): WireError {
  const message = `No message within ${timeoutMs} ms; the connection is ${connection}.`
  return new WireError('timeout', message, { retryable: true, cause: error })
}

function failureOf({ state }: Loadable): WireError | undefined {
  if (state.connection === 'failed') return state.error
  if (state.connection !== 'closed') return undefined
  return new WireError('closed', 'The wire ended before its first message.')
}
