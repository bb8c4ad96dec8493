import { throwLater } from './clock.ts'

/** Receives the hints that the library gives during development. */
export type HintHandler = (hint: { readonly topic: string; readonly message: string }) => void

// Bundlers replace the expression below. A browser without a bundler has no `process`, so it gives no hints.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

let handler: HintHandler | undefined = ({ topic, message }) => console.warn(`[rxwire] ${topic}: ${message}`)
const reported = new Set<string>()

/**
 * Sets the function that receives development hints. Default: `console.warn`. Each topic is reported once per page.
 * There are no hints in production.
 *
 * @param next The new function, or `undefined` for none. An error that it throws becomes an uncaught error of the page
 *   and does not affect a wire.
 *
 * @example
 * ```ts
 * import { setHintHandler } from 'rxwire'
 *
 * setHintHandler(({ topic, message }) => console.debug(topic, message))
 * ```
 */
export function setHintHandler(next: HintHandler | undefined): void {
  handler = next
  reported.clear()
}

/**
 * Gives a hint to the developer, once per topic and not in production. For adapters.
 *
 * @param topic What the hint is about, in one or two words.
 * @param message What was seen, and what to do.
 */
export function hint(topic: string, message: string): void {
  if (!isHintActive(topic)) return
  reported.add(topic)
  try {
    handler?.({ topic, message })
  } catch (error) {
    // A hint must not break the connection that it is about.
    throwLater(error)
  }
}

/** Whether a hint on this topic would be reported. If not, the caller can skip the diagnosis. */
export function isHintActive(topic: string): boolean {
  return handler !== undefined && !reported.has(topic) && !isProduction()
}

function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === 'production'
  } catch {
    return true
  }
}
