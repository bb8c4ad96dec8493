import { type AttemptSession, type AttemptSink, fromAttempt, type Wire, WireError, type WireErrorOptions } from 'rxwire'

/** An attempt that waits for the test to say what happens on it. */
export interface HandMadeAttempt {
  readonly session: AttemptSession
  readonly sink: AttemptSink<string>
  readonly signal: AbortSignal
}

/** The other side, played by hand: collects the attempts that come in. */
export class HandMadeServer {
  readonly attempts: HandMadeAttempt[] = []

  readonly attempt = (session: AttemptSession): Wire<string> =>
    fromAttempt((sink, signal) => {
      this.attempts.push({ session, sink, signal })
    })

  get last(): HandMadeAttempt {
    const last = this.attempts.at(-1)
    if (last === undefined) throw new Error('nobody has connected yet')
    return last
  }

  /** How many attempts have not ended. */
  get live(): number {
    return this.attempts.filter(({ signal }) => !signal.aborted).length
  }
}

/** A failure after which another attempt may go better. */
export function lost(options: WireErrorOptions = {}): WireError {
  return new WireError('network', 'lost', { retryable: true, ...options })
}

/** A failure that no retry can mend. */
export function refused(): WireError {
  return new WireError('http', 'refused')
}

/** Credentials were refused. */
export function unauthorized(options: WireErrorOptions = {}): WireError {
  return new WireError('auth', 'unauthorized', options)
}
