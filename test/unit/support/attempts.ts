import { type Attempt, type Connect, WireError, type WireErrorOptions } from 'rxwire'

/** A server controlled by the test. Collects the attempts, which do nothing until the test calls them. */
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

/** A retryable failure. */
export function lost(options: WireErrorOptions = {}): WireError {
  return new WireError('network', 'lost', { retryable: true, ...options })
}

/** A failure that is not retryable. */
export function refused(): WireError {
  return new WireError('http', 'refused')
}

/** The server refused the credentials. */
export function unauthorized(options: WireErrorOptions = {}): WireError {
  return new WireError('auth', 'unauthorized', options)
}
