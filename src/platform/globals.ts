/** The base of relative URLs; `undefined` on hosts without a page. */
export function baseUrl(): string | undefined {
  // `baseURI` respects `<base href>`, and a frame with `srcdoc` has that of its parent.
  return (typeof document === 'undefined' ? undefined : document.baseURI) ?? pageUrl()
}

function pageUrl(): string | undefined {
  return typeof location === 'undefined' ? undefined : location.href
}

/** The origin of the page; `undefined` on hosts without a page. */
export function pageOrigin(): string | undefined {
  const page = pageUrl()
  if (page === undefined) return undefined
  const { origin } = new URL(page)
  // A frame with `srcdoc` has the URL `about:srcdoc` and the origin of its parent.
  return origin === 'null' ? globalThis.origin : origin
}

/** Returns an id that no other call returns. `crypto.randomUUID` needs a secure context. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36).padStart(7, '0')).join('')
}

/** The part of `fetch` that the library uses. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** The constructor of `XMLHttpRequest`, or of a caller's implementation. */
export type XhrConstructor = new () => XMLHttpRequest

/** The part of `WebSocket` that the library uses. The package `ws` implements it too. */
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

/** Implementations to use instead of the globals of the host. */
export interface Implementations {
  /**
   * Used instead of the global `fetch`: for tests, to sign requests, or on hosts whose `fetch` cannot stream. Default: the
   * global one.
   */
  readonly fetch?: FetchLike | undefined
  /** Used instead of the global `XMLHttpRequest`. Default: the global one. */
  readonly XMLHttpRequest?: XhrConstructor | undefined
  /** Used instead of the global `EventSource`. Default: the global one. */
  readonly EventSource?: (new (url: string, init?: EventSourceInit) => EventSource) | undefined
  /** Used instead of the global `WebSocket`: on hosts without one, or to send headers (`ws`). Default: the global one. */
  readonly WebSocket?: (new (url: string, protocols?: string[]) => WebSocketLike) | undefined
}

/** The global `fetch`, read when it is called. */
export const hostFetch: FetchLike = (url, init) => fetch(url, init)

/** Whether the global `fetch` can send a stream as a body. Firefox sends the text `[object ReadableStream]` instead. */
export function hostFetchSendsStreams(): boolean {
  try {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new ReadableStream(), duplex: 'half' }
    // [spec] Fetch, "extract a body": a text sets a content type, a stream does not.
    return !new Request('data:,', init).headers.has('content-type')
  } catch {
    return false
  }
}

/** The `fetch` to use, if there is one. */
export function requestFetch(implementations: Pick<Implementations, 'fetch'>): FetchLike | undefined {
  return implementations.fetch ?? (typeof fetch === 'function' ? hostFetch : undefined)
}

/** The `fetch` to use, if there is one that can stream response bodies. */
export function streamingFetch(implementations: Pick<Implementations, 'fetch'>): FetchLike | undefined {
  if (implementations.fetch !== undefined) return implementations.fetch
  const streams = typeof Response === 'function' && 'body' in Response.prototype
  return typeof fetch === 'function' && streams ? hostFetch : undefined
}

/** `navigator.sendBeacon`, if there is one. */
export function pageBeacon(): ((url: string, body?: BodyInit) => boolean) | undefined {
  if (typeof navigator === 'undefined' || typeof navigator.sendBeacon !== 'function') return undefined
  return (url, body) => navigator.sendBeacon(url, body)
}

export function xmlHttpRequest(implementations: Pick<Implementations, 'XMLHttpRequest'>): XhrConstructor | undefined {
  return implementations.XMLHttpRequest ?? (typeof XMLHttpRequest === 'function' ? XMLHttpRequest : undefined)
}

export function nativeEventSource(
  implementations: Pick<Implementations, 'EventSource'>,
): Implementations['EventSource'] {
  return implementations.EventSource ?? (typeof EventSource === 'function' ? EventSource : undefined)
}

export function webSocket(implementations: Pick<Implementations, 'WebSocket'>): Implementations['WebSocket'] {
  return implementations.WebSocket ?? (typeof WebSocket === 'function' ? WebSocket : undefined)
}

// [spec] ALPN names (RFC 7301), as in Resource Timing. With these protocols one connection carries many requests.
const MULTIPLEXING: ReadonlySet<string> = new Set(['h2', 'h3'])

/** Whether an origin is known to use HTTP/2 or later. Other origins reveal it only with `Timing-Allow-Origin`. */
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
