import type { AttemptContext } from './attempt.ts'
import { messageOf, WireError } from './errors.ts'

/** A value, or a function that returns it for each attempt and receives the context of that attempt. */
export type Provider<V> = V | ((context: AttemptContext) => V | Promise<V>)

/**
 * Parses a provided value. An invalid value is a non-retryable error, because the next attempt would provide it again.
 */
export function parseOrFail<V>(option: string, parse: () => V): V {
  try {
    return parse()
  } catch (cause) {
    const reason = messageOf(cause)
    throw new WireError('network', reason.startsWith(option) ? reason : `invalid ${option}: ${reason}`, { cause })
  }
}

/** Returns a copy of the context. The `cursor` of an attempt moves, and a provider must receive a fixed value. */
export function freezeContext({ attempt, cursor, cause }: AttemptContext): AttemptContext {
  return { attempt, cursor, cause }
}
