/** The address that relative urls start from; `undefined` on hosts without one. */
export function baseUrl(): string | undefined {
  return typeof location === 'undefined' ? undefined : location.href
}

/** The page's own origin; `undefined` where there is no page. */
export function pageOrigin(): string | undefined {
  const base = baseUrl()
  return base === undefined ? undefined : new URL(base).origin
}

/** The part of `fetch` that is used here, so that a caller may bring another one. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** Makes one request: the global `XMLHttpRequest`, or what a caller brings. */
export type XhrConstructor = new () => XMLHttpRequest

/** The part of a `WebSocket` that is used here. The package `ws` has it, too. */
export interface WebSocketLike {
  readonly url: string
  readonly protocol: string
  readonly readyState: number
  readonly OPEN: number
  readonly bufferedAmount: number
  binaryType: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  send(data: string | BufferSource | Blob): void
  close(code?: number, reason?: string): void
}

/** What a caller may bring instead of the host's own. */
export interface Implementations {
  /** Used instead of the global `fetch`: for tests, for signing proxies, for hosts whose own cannot stream. */
  readonly fetch?: FetchLike | undefined
  /** Used instead of the global `XMLHttpRequest`. */
  readonly XMLHttpRequest?: XhrConstructor | undefined
  /** Used instead of the global `EventSource`. */
  readonly EventSource?: (new (url: string, init?: EventSourceInit) => EventSource) | undefined
  /** Used instead of the global `WebSocket`: for hosts without one, and to send headers where a host can (`ws`). */
  readonly WebSocket?: (new (url: string, protocols?: string[]) => WebSocketLike) | undefined
}

/** The global `fetch`, as it is when it is called. */
export const hostFetch: FetchLike = (url, init) => fetch(url, init)

/** Whether it takes a stream for a stream, where it is a body. Firefox takes it for a text. */
export function hostFetchKnowsStreams(): boolean {
  try {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new ReadableStream(), duplex: 'half' }
    // [spec] A stream has no type, and a text has.
    return !new Request('data:,', init).headers.has('content-type')
  } catch {
    return false
  }
}

/** `fetch`, if there is one. */
export function requestFetch(given: Pick<Implementations, 'fetch'>): FetchLike | undefined {
  return given.fetch ?? (typeof fetch === 'function' ? hostFetch : undefined)
}

/** `fetch`, if there is one whose bodies can be read while they arrive. */
export function streamingFetch(given: Implementations): FetchLike | undefined {
  if (given.fetch !== undefined) return given.fetch
  const streams = typeof Response === 'function' && 'body' in Response.prototype
  return typeof fetch === 'function' && streams ? hostFetch : undefined
}

/** `navigator.sendBeacon`, if there is one. */
export function pageBeacon(): ((url: string, body?: BodyInit) => boolean) | undefined {
  if (typeof navigator === 'undefined' || typeof navigator.sendBeacon !== 'function') return undefined
  return (url, body) => navigator.sendBeacon(url, body)
}

export function xmlHttpRequest(given: Implementations): XhrConstructor | undefined {
  return given.XMLHttpRequest ?? (typeof XMLHttpRequest === 'function' ? XMLHttpRequest : undefined)
}

export function nativeEventSource(given: Implementations): Implementations['EventSource'] {
  return given.EventSource ?? (typeof EventSource === 'function' ? EventSource : undefined)
}

export function webSocket(given: Pick<Implementations, 'WebSocket'>): Implementations['WebSocket'] {
  return given.WebSocket ?? (typeof WebSocket === 'function' ? WebSocket : undefined)
}

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
