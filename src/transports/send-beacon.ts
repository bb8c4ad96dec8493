import { parseAddress } from '../address.ts'
import { messageOf } from '../errors.ts'
import { isFormData, isSearchParams, isStream } from '../host-object.ts'
import { type BaseUrlOptions, baseOf, requireTarget } from '../http/base-url.ts'
import { credentialGuard, requireHeaders } from '../http/request.ts'
import { type FetchLike, pageBeacon, requestFetch } from '../platform/globals.ts'
import { frameBytes, type SocketFrame } from '../socket-frame.ts'
import { requireOneOf } from '../validate.ts'

/** The bodies that a beacon can send. */
export type BeaconBody = string | Blob | BufferSource | URLSearchParams | FormData

/** Options of {@link sendBeacon}. */
export interface BeaconOptions extends BaseUrlOptions {
  /** Used instead of `navigator.sendBeacon` and the global `fetch`, with `keepalive`. Default: the host's own. */
  readonly fetch?: FetchLike | undefined
  /** Default: none. With headers, `fetch` is used, because `navigator.sendBeacon` cannot send any. */
  readonly headers?: HeadersInit | undefined
  /** A value to send as JSON, instead of a body. Default: none. */
  readonly json?: unknown
  /**
   * Whether cookies are sent. Default `'include'`, the only mode of `navigator.sendBeacon`; any other mode uses
   * `fetch`. With `headers`, another origin must allow it (`Access-Control-Allow-Credentials`).
   */
  readonly credentials?: RequestCredentials | undefined
}

/**
 * Whether the host accepted the data, and by which means. `'beacon'` and `'keepalive'` send it even if the page is
 * closed now; `'fetch'` only while the page stays open. None of them reports whether the server received it.
 */
export type BeaconReceipt =
  | { readonly accepted: true; readonly by: 'beacon' | 'keepalive' | 'fetch' }
  | { readonly accepted: false; readonly by: undefined; readonly reason: string }

/**
 * Sends a POST without waiting for its response, from a page that may be about to close (`pagehide`). It is synchronous
 * and returns whether the host accepted the data.
 *
 * It uses `navigator.sendBeacon` (Beacon, W3C), unless the options require `fetch`. A page may have 64 KiB of such data
 * in flight. Beyond that, `fetch` sends it while the page stays open. Keep the data small, and send it when the page is
 * hidden.
 *
 * @param url The URL. Another origin must allow `headers` (CORS).
 * @param body The data. Default: none.
 * @throws TypeError if the URL, the body or an option is invalid. Other failures are in the receipt.
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
  requireTarget(url, options)
  requireOneOf('credentials', options.credentials, ['omit', 'same-origin', 'include'])
  if (isStream(body)) throw new TypeError('body must not be a stream, which ends with its page')
  if (body !== undefined && options.json !== undefined) throw new TypeError('body and json are mutually exclusive')
  const headers = requireHeaders(options.headers ?? {})
  const content = options.json === undefined ? body : jsonBlob(options.json)
  const { credentials = 'include', baseUrl } = options
  const target = () => {
    const { href } = parseAddress('url', url, baseOf(options))
    // Cookies are left to `credentials`: they belong to the origin that receives them.
    credentialGuard({}, { baseUrl })({ url: href, headers, credentials: 'omit' })
    return href
  }

  const beacon = pageBeacon()
  const isPlain = options.headers === undefined && options.fetch === undefined && credentials === 'include'
  if (beacon !== undefined && isPlain && beacon(baseUrl === undefined ? String(url) : target(), content))
    return { accepted: true, by: 'beacon' }
  // A rejected beacon has reached the limit, which it shares with keepalive requests. A keepalive request would fail,
  // but only after this function has returned.
  const release = beacon !== undefined && isPlain ? undefined : reserveKeepalive(bodyBytes(content))

  const fetch = requestFetch(options)
  if (fetch === undefined) return rejected(release, 'this host has no fetch')
  return sendByFetch(fetch, target, { method: 'POST', headers, body: content ?? null, credentials }, release)
}

function sendByFetch(
  fetch: FetchLike,
  target: () => string,
  init: RequestInit,
  release: (() => void) | undefined,
): BeaconReceipt {
  const keepalive = release !== undefined
  try {
    fetch(target(), { ...init, keepalive })
      .then((response) => response.body?.cancel())
      .catch(() => {})
      .finally(release)
    return { accepted: true, by: keepalive ? 'keepalive' : 'fetch' }
  } catch (error) {
    return rejected(release, messageOf(error))
  }
}

function rejected(release: (() => void) | undefined, reason: string): BeaconReceipt {
  release?.()
  return { accepted: false, by: undefined, reason: `Nothing was sent: ${reason}.` }
}

function jsonBlob(value: unknown): Blob {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError(`json: ${String(value)} cannot be serialized as JSON`)
  return new Blob([text], { type: 'application/json' })
}

/** The size of a body in bytes; `undefined` for a form, which only the browser can measure. */
export function bodyBytes(body: SocketFrame | URLSearchParams | FormData | undefined): number | undefined {
  if (body === undefined) return 0
  if (isFormData(body)) return undefined
  return frameBytes(isSearchParams(body) ? String(body) : body)
}

// [spec] Fetch §4.6: keepalive requests in flight are limited to 64 KiB in total. 4 KiB are left to other code on the
// page. Chromium allows nine such requests at a time.
const MAX_BYTES = 60 * 1024
const MAX_REQUESTS = 9

let usedBytes = 0
let usedRequests = 0

/**
 * Reserves part of the keepalive limit for one request. Browsers report an exceeded limit only after `fetch` was
 * called, so the library counts as well.
 *
 * @returns A function that releases the reservation; `undefined` if the limit is reached or the size unknown.
 */
export function reserveKeepalive(bytes: number | undefined): (() => void) | undefined {
  if (bytes === undefined || usedBytes + bytes > MAX_BYTES || usedRequests >= MAX_REQUESTS) return undefined
  usedBytes += bytes
  usedRequests += 1
  return () => {
    usedBytes -= bytes
    usedRequests -= 1
  }
}
