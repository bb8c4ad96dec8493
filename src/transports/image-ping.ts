import { WireError } from '../errors.ts'
import type { ResolvedRequest } from '../http/request.ts'
import { shownUrl } from '../http/request.ts'
import { type RequestWireOptions, requestWire } from '../http/request-wire.ts'
import { wallClock } from '../platform/clock.ts'
import { hasImages, type ImageSize, loadImage } from '../platform/image.ts'
import type { ReconnectPolicy } from '../policy/retry-policy.ts'
import type { Provider } from '../provider.ts'
import { requireName } from '../validate.ts'
import type { Wire } from '../wire.ts'

/** Options of {@link fromImagePing}. */
export interface ImagePingOptions extends Pick<RequestWireOptions, 'baseUrl' | 'query'> {
  /**
   * When a ping is retried. Default `false`: a ping that loaded no image may have reached the server (a 204 looks like
   * a failure), which would count the retry, too. `{}` retries twice, within a few seconds.
   */
  readonly retry?: ReconnectPolicy | false | undefined
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /**
   * The query parameter that makes the URL of each attempt unique, so that no cache responds instead of the server.
   * Default `'_'`; `false` for none.
   */
  readonly cacheBuster?: string | false | undefined
}

const TIMEOUT_MS = 30_000

/**
 * Loads an image, which is a GET to any server without CORS: `connecting`, `open`, `message` with its size, `close`.
 * Unsubscribing aborts the request.
 *
 * It fails with a `WireError` of kind `network` if no image was loaded, and `timeout` after `timeoutMs`. A browser does
 * not distinguish a response that is not an image (such as 204) from no response, so a ping is not retried unless
 * `retry` is set. To send data without waiting for a response, use `sendBeacon`.
 *
 * @param url The URL of the image, or a function that returns it for each attempt.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromImagePing } from 'rxwire'
 *
 * fromImagePing('https://example.com/pixel.gif', { query: { seen: 'intro' } }).subscribe({
 *   complete: () => console.info('loaded'),
 * })
 * ```
 */
export function fromImagePing(url: Provider<string | URL>, options: ImagePingOptions = {}): Wire<ImageSize> {
  const { cacheBuster = '_', baseUrl, query, retry = false, timeoutMs = TIMEOUT_MS } = options
  if (cacheBuster !== false) requireName('cacheBuster', cacheBuster)

  return requestWire<ImageSize>(url, { baseUrl, query, retry, timeoutMs }, () => async (request, attempt) => {
    const size = await load(request, cacheBuster, attempt.signal)
    attempt.open()
    attempt.message(size)
    attempt.close({ wasClean: true })
  })
}

async function load(request: ResolvedRequest, cacheBuster: string | false, signal: AbortSignal): Promise<ImageSize> {
  const where = `${request.method} ${shownUrl(request)}`
  if (!hasImages()) {
    throw new WireError('network', `${where} needs a page to load an image, and this host has none. Use fromFetch.`)
  }
  const size = await loadImage(cacheBuster === false ? request.url : uncached(request.url, cacheBuster), signal)
  if (size !== undefined) return size
  throw new WireError(
    'network',
    `${where} loaded no image. Browsers hide why: no network, an error status, a Content-Security-Policy (img-src), ` +
      'or a response that is not an image, such as 204. The request may have reached the server.',
    { retryable: true },
  )
}

/** Adds a unique query parameter, so that no cache has the URL. */
function uncached(href: string, param: string): string {
  const url = new URL(href)
  url.searchParams.set(param, wallClock().toString(36) + Math.random().toString(36).slice(2))
  return url.href
}
