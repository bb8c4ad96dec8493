import { after } from '../../platform/clock.ts'
import { baseUrl, isMultiplexed } from '../../platform/globals.ts'
import { hint } from '../../platform/hints.ts'
import { type ResolvedRequest, shownUrl } from '../request.ts'

// What browsers allow over HTTP/1.1. One more waits until another one ends, and nothing tells of it.
const CONNECTIONS_PER_ORIGIN = 6
// Longer than a server needs, shorter than a person looks for the reason.
const PATIENCE_MS = 3_000

/** How many requests of ours are held, by origin. */
const held = new Map<string, number>()

/**
 * Counts a request that is there to be held, until its signal is aborted. In development, one that gets no answer while
 * all connections to its origin are taken has a hint.
 *
 * @returns What says that the request was answered.
 */
export function trackHeldConnection(request: ResolvedRequest, signal: AbortSignal): () => void {
  // Who has no page has no such limit.
  if (baseUrl() === undefined || signal.aborted) return () => {}
  const { origin } = new URL(request.url)
  const count = () => held.get(origin) ?? 0
  const isOneTooMany = () => count() > CONNECTIONS_PER_ORIGIN && !isMultiplexed(origin)
  held.set(origin, count() + 1)
  const cancel = isOneTooMany()
    ? after(PATIENCE_MS, () => {
        if (isOneTooMany()) hintConnectionLimit(origin, request)
      })
    : () => {}
  const letGo = () => {
    cancel()
    if (count() > 1) held.set(origin, count() - 1)
    else held.delete(origin)
  }
  signal.addEventListener('abort', letGo, { once: true })
  return cancel
}

function hintConnectionLimit(origin: string, request: ResolvedRequest): void {
  hint(
    'connections',
    `${CONNECTIONS_PER_ORIGIN} requests are held to ${origin}, and ${request.method} ${shownUrl(request)} has had no ` +
      `answer for ${PATIENCE_MS} ms. Over HTTP/1.1 a browser has ${CONNECTIONS_PER_ORIGIN} connections to an origin, for ` +
      'all its tabs together, so it waits until one of them ends. Share a wire (`shareWire`, or `key` of a hook), serve ' +
      'HTTP/2, or hold fewer streams.',
  )
}
