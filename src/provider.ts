import type { AttemptContext } from './attempt.ts'
import { isWireError, messageOf, WireError } from './errors.ts'

/** A value, or a function that returns it for each attempt and receives the context of that attempt. */
export type Provider<V> = V | ((context: AttemptContext) => V | Promise<V>)

/**
 * Returns the value of a provider. An error that the function throws is a retryable failure of the attempt, because a
 * token endpoint may be down for a moment. A `WireError` passes through unchanged.
 */
export async function provide<V>(option: string, provider: Provider<V>, context: AttemptContext): Promise<V> {
  if (typeof provider !== 'function') return provider
  try {
    return await (provider as (context: AttemptContext) => V | Promise<V>)(context)
  } catch (cause) {
    if (isWireError(cause)) throw cause
    throw new WireError('network', `The ${option} function threw: ${messageOf(cause)}`, { retryable: true, cause })
  }
}

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
