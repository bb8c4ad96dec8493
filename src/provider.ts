import type { AttemptContext } from './attempt.ts'
import { isWireError, messageOf, WireError } from './errors.ts'

/** A value, or a function that provides it anew for each attempt, knowing how the last one went. */
export type Provider<V> = V | ((context: AttemptContext) => V | Promise<V>)

/**
 * Asks a provider. What it throws or rejects with is a failed attempt that may be repeated (a token endpoint
 * can be down, too), unless it is a `WireError` that says otherwise.
 */
export async function provide<V>(option: string, provider: Provider<V>, context: AttemptContext): Promise<V> {
  if (typeof provider !== 'function') return provider
  try {
    return await (provider as (context: AttemptContext) => V | Promise<V>)(context)
  } catch (cause) {
    if (isWireError(cause)) throw cause
    throw new WireError('network', `The provider of ${option} failed: ${messageOf(cause)}`, { retryable: true, cause })
  }
}

/** What a provider gave may be of no use. Another attempt would be given the same. */
export function parseOrFail<V>(option: string, make: () => V): V {
  try {
    return make()
  } catch (cause) {
    throw new WireError('network', `${option} is of no use: ${messageOf(cause)}`, { cause })
  }
}

/** What is known now, and nothing that moves: what a provider is given must not change under its hands. */
export function freezeContext({ attempt, cursor, cause }: AttemptContext): AttemptContext {
  return { attempt, cursor, cause }
}
