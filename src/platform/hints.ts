import { throwLater } from './clock.ts'

/** Receives what the library notices during development. */
export type HintHandler = (hint: { readonly topic: string; readonly message: string }) => void

// Bundlers replace the expression below; a browser without a bundler has no `process` and stays silent.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

let handler: HintHandler | undefined = ({ topic, message }) => console.warn(`[rxwire] ${topic}: ${message}`)
const spoken = new Set<string>()

/**
 * Replaces what receives the development hints (by default `console.warn`). Each topic speaks once per page,
 * and none speaks in production.
 *
 * @param next The new receiver, or `undefined` for silence. What it throws is an uncaught error of the page, and harms no
 *   wire.
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
  spoken.clear()
}

/** Says something useful to a developer, once per topic. */
export function hint(topic: string, message: string): void {
  if (!isHintActive(topic)) return
  spoken.add(topic)
  try {
    handler?.({ topic, message })
  } catch (error) {
    // Advice must not break what it is about.
    throwLater(error)
  }
}

/** Whether a hint would be heard: if not, nobody needs to look out for its reason. */
export function isHintActive(topic: string): boolean {
  return handler !== undefined && !spoken.has(topic) && !isProduction()
}

function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === 'production'
  } catch {
    return true
  }
}
