import { addressOf, keyAt } from './connection-key.ts'
import { type CreateHost, readInput } from './host.ts'

/** A url, or none while it is not known yet. An empty string is known: it is the url of the page. */
type Url = string | URL | null | undefined

/** Where a connection leads. */
export interface Target {
  readonly url: Url
  /** Equal for all uses of one connection. */
  readonly address: string
  /** The caller's key and the address; `undefined` if the connection is not shared. */
  readonly key: string | undefined
}

/**
 * Returns a function that reads where the connection leads now.
 *
 * @param transport The name of the transport: two transports to one url share no connection.
 * @param parts What else identifies the connection.
 */
export function urlReader(
  createHost: CreateHost,
  url: unknown,
  key: unknown,
  transport: string,
  parts: readonly unknown[],
): () => Target {
  return () => {
    const current = readInput<Url>(createHost, url)
    const address = addressOf(transport, current, ...parts)
    return { url: current, address, key: keyAt(readInput(createHost, key), address) }
  }
}

/** Returns a function that creates a value for a target, and returns the same one until the target is another. */
export function whileSame<V>(create: (target: Target) => V): (target: Target) => V {
  let last: { readonly target: Target; readonly value: V } | undefined
  return (target) => {
    if (last?.target.address !== target.address || last.target.key !== target.key) {
      last = { target, value: create(target) }
    }
    return last.value
  }
}

export function isKnown(url: Url): url is string | URL {
  return url !== null && url !== undefined
}
