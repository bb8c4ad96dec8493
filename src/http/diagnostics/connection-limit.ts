import { after } from '../../platform/clock.ts'
import { baseUrl, isMultiplexed } from '../../platform/globals.ts'
import { hint } from '../../platform/hints.ts'
import { type ResolvedRequest, shownUrl } from '../request.ts'

// The limit of browsers for HTTP/1.1. A further request waits until another one ends, and fires no event meanwhile.
const CONNECTIONS_PER_ORIGIN = 6
// Longer than most servers take to respond.
const HINT_AFTER_MS = 3_000

/** How many long-lived requests are open, by origin. */
const openRequests = new Map<string, number>()

/**
 * Counts a long-lived request until its signal is aborted. In development, gives a hint if it has no response while all
 * connections to its origin are in use.
 *
 * @returns A function to call when the response arrives.
 */
export function trackHeldConnection(request: ResolvedRequest, signal: AbortSignal): () => void {
  // Hosts without a page have no such limit.
  if (baseUrl() === undefined || signal.aborted) return () => {}
  const { origin } = new URL(request.url)
  const count = () => openRequests.get(origin) ?? 0
  const isOverLimit = () => count() > CONNECTIONS_PER_ORIGIN && !isMultiplexed(origin)
  openRequests.set(origin, count() + 1)
  const cancel = isOverLimit()
    ? after(HINT_AFTER_MS, () => {
        if (isOverLimit()) hintConnectionLimit(origin, request)
      })
    : () => {}
  const release = () => {
    cancel()
    if (count() > 1) openRequests.set(origin, count() - 1)
    else openRequests.delete(origin)
  }
  signal.addEventListener('abort', release, { once: true })
  return cancel
}

function hintConnectionLimit(origin: string, request: ResolvedRequest): void {
  hint(
    'connections',
    `${CONNECTIONS_PER_ORIGIN} requests to ${origin} are open, and ${request.method} ${shownUrl(request)} has had no ` +
      `response for ${HINT_AFTER_MS} ms. Over HTTP/1.1 a browser opens ${CONNECTIONS_PER_ORIGIN} connections to an ` +
      'origin, for all its tabs together, so the request waits until one of them is closed. Share a wire ' +
      '(`shareWire`, or `key` of a hook), serve HTTP/2, or open fewer streams.',
  )
}
