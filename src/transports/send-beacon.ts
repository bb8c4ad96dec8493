import { messageOf } from '../errors.ts'
import { isFormData, isSearchParams, isStream } from '../host-object.ts'
import { baseUrl, type FetchLike, pageBeacon, requestFetch } from '../platform/globals.ts'
import { frameBytes, type SocketFrame } from '../socket-frame.ts'
import { requireOneOf, requireUrl } from '../validate.ts'

/** What a beacon can carry: all that is there in one piece. */
export type BeaconBody = string | Blob | BufferSource | URLSearchParams | FormData

/** Options of {@link sendBeacon}. */
export interface BeaconOptions {
  /** Sends in place of `navigator.sendBeacon` and of the global `fetch`; it is asked for `keepalive`. Default: the host's own. */
  readonly fetch?: FetchLike | undefined
  /** Default: none. With headers, `fetch` has to go in place of `navigator.sendBeacon`, which cannot send any. */
  readonly headers?: HeadersInit | undefined
  /** A value to be sent as JSON, instead of a body. */
  readonly json?: unknown
  /**
   * Whether cookies travel. Default `'include'`, as with `navigator.sendBeacon`, which knows nothing else: any other
   * choice is `fetch`'s to make. With `headers`, another origin must allow it (`Access-Control-Allow-Credentials`).
   */
  readonly credentials?: RequestCredentials | undefined
}

/**
 * Whether somebody has taken it, and who. What `'beacon'` and `'keepalive'` have taken is sent also if the page goes
 * now; what `'fetch'` has taken only if the page stays until then. That it arrives, nobody says.
 */
export type BeaconReceipt =
  | { readonly accepted: true; readonly by: 'beacon' | 'keepalive' | 'fetch' }
  | { readonly accepted: false; readonly by: undefined; readonly reason: string }

/**
 * Sends a last word: a POST that nobody waits for, from a page that may be about to go (`pagehide`). It is
 * synchronous, and the receipt says at once what has become of it.
 *
 * `navigator.sendBeacon` goes first (Beacon, W3C), unless there are `headers` or a `fetch` of your own. What a page has on
 * its way like this is limited to 64 KiB in all. When that is used up, `fetch` still sends, for as long as the page lives.
 * Send little, and send it when the page is hidden.
 *
 * @param url Where to. `fetch` goes there with `headers`, which another origin must allow (CORS).
 * @param body What to send. Default: nothing.
 * @throws TypeError if the url, the body or an option makes no sense. What goes wrong otherwise is in the receipt.
 *
 * @example
 * ```ts
 * import { sendBeacon } from 'rxwire'
 *
 * addEventListener('pagehide', () => {
 *   const receipt = sendBeacon('/seen', undefined, { json: { page: location.pathname } })
 *   if (!receipt.accepted) localStorage.setItem('unsent', receipt.reason)
 * })
 * ```
 */
export function sendBeacon(url: string | URL, body?: BeaconBody, options: BeaconOptions = {}): BeaconReceipt {
  requireUrl('url', url, baseUrl())
  requireOneOf('credentials', options.credentials, ['omit', 'same-origin', 'include'])
  if (isStream(body)) throw new TypeError('body must be there in one piece: a stream ends with its page')
  if (body !== undefined && options.json !== undefined) throw new TypeError('body and json exclude each other')
  const headers = new Headers(options.headers)
  const content = options.json === undefined ? body : jsonBlob(options.json)
  const { credentials = 'include' } = options

  const beacon = pageBeacon()
  const isPlain = options.headers === undefined && options.fetch === undefined && credentials === 'include'
  if (beacon !== undefined && isPlain && beacon(String(url), content)) return { accepted: true, by: 'beacon' }
  // A beacon that was refused has met the limit that keepalive requests share, and these would be told too late.
  const room = beacon !== undefined && isPlain ? undefined : reserveKeepalive(bodyBytes(content))

  const fetch = requestFetch(options)
  if (fetch === undefined) return refused(room, 'this host has no fetch')
  return sendByFetch(fetch, url, { method: 'POST', headers, body: content ?? null, credentials }, room)
}

function sendByFetch(
  fetch: FetchLike,
  url: string | URL,
  init: RequestInit,
  leaveRoom: (() => void) | undefined,
): BeaconReceipt {
  const keepalive = leaveRoom !== undefined
  try {
    fetch(new URL(url, baseUrl()).href, { ...init, keepalive })
      .then((response) => response.body?.cancel())
      // Nobody waits for what becomes of it.
      .catch(() => {})
      .finally(leaveRoom)
    return { accepted: true, by: keepalive ? 'keepalive' : 'fetch' }
  } catch (error) {
    return refused(leaveRoom, messageOf(error))
  }
}

function refused(leaveRoom: (() => void) | undefined, reason: string): BeaconReceipt {
  leaveRoom?.()
  return { accepted: false, by: undefined, reason: `Nothing was sent: ${reason}.` }
}

function jsonBlob(value: unknown): Blob {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError(`json: ${String(value)} has no JSON`)
  return new Blob([text], { type: 'application/json' })
}

/** How many bytes a body is on its way; `undefined` for a form, which only the browser can measure. */
export function bodyBytes(body: SocketFrame | URLSearchParams | FormData | undefined): number | undefined {
  if (body === undefined) return 0
  if (isFormData(body)) return undefined
  return frameBytes(isSearchParams(body) ? String(body) : body)
}

// [spec] Fetch §4.6: what is under way with keepalive is limited to 64 KiB in all. A little is left to the rest of the
// page. Chromium allows nine such requests at a time.
const ROOM_BYTES = 60 * 1024
const ROOM_REQUESTS = 9

let usedBytes = 0
let usedRequests = 0

/**
 * Takes room for one more request that outlives its page. Browsers say that there is none when it is too late, so it
 * is counted here.
 *
 * @returns What gives the room back; `undefined` if there is none, or if nobody knows how much it takes.
 */
export function reserveKeepalive(bytes: number | undefined): (() => void) | undefined {
  if (bytes === undefined || usedBytes + bytes > ROOM_BYTES || usedRequests >= ROOM_REQUESTS) return undefined
  usedBytes += bytes
  usedRequests += 1
  return () => {
    usedBytes -= bytes
    usedRequests -= 1
  }
}
