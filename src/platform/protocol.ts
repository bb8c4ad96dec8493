// [spec] ALPN names (RFC 7301), as Resource Timing tells them: over these, one connection carries many requests.
const MULTIPLEXING: ReadonlySet<string> = new Set(['h2', 'h3'])

/** Whether an origin is known to speak HTTP/2 or later. Other origins tell it only with `Timing-Allow-Origin`. */
export function isMultiplexed(origin: string): boolean {
  if (typeof performance === 'undefined' || typeof performance.getEntriesByType !== 'function') return false
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  return entries.some(
    (entry) =>
      'nextHopProtocol' in entry &&
      MULTIPLEXING.has(String(entry.nextHopProtocol)) &&
      entry.name.startsWith(`${origin}/`),
  )
}
