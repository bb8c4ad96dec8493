import { type Attempt, type Connect, WireError, type WireErrorOptions } from 'rxwire'

/** A server that the test plays by hand. Collects the attempts that connect, each of which waits for the test. */
export class HandMadeServer {
  readonly attempts: Attempt<string>[] = []

  readonly connect: Connect<string> = (attempt) => {
    this.attempts.push(attempt)
  }

  get last(): Attempt<string> {
    const last = this.attempts.at(-1)
    if (last === undefined) throw new Error('no attempt has connected yet')
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
