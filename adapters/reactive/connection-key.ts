import type { RequestOptions } from 'rxwire'

/**
 * Returns a string that is equal for all uses of one connection. All functions are equal: each attempt calls them.
 *
 * @param parts What identifies the connection: the name of the transport, the url, options.
 */
export function addressOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map(toKeyPart), (_, part) => (typeof part === 'function' ? 'function' : part))
}

/**
 * Returns the part of an address that describes the request.
 *
 * @param options The options of the request.
 */
export function requestPart(options: RequestOptions): object {
  const { baseUrl, method, query, json, body } = options
  // A body that is no text cannot be compared: inline, it would be another one in each render.
  const text = typeof body === 'string' || body instanceof URLSearchParams ? String(body) : undefined
  return { baseUrl, method, query: toKeyPart(query), json, body: text }
}

/**
 * Adds the address to a key, so that a connection to another address is not shared.
 *
 * @param key The key of the caller; `undefined` for a connection that is not shared.
 * @param address The result of {@link addressOf}.
 */
export function keyAt(key: string | undefined, address: string): string | undefined {
  return key === undefined ? undefined : JSON.stringify([key, address])
}

/**
 * Converts a part of an address to a value that JSON can represent.
 *
 * @param part A value, a url, query parameters or a function.
 */
export function toKeyPart(part: unknown): unknown {
  if (typeof part === 'function') return undefined
  return part instanceof URL || part instanceof URLSearchParams ? String(part) : part
}
