import { WireError } from '../errors.ts'
import type { ResolvedRequest } from '../http/request.ts'
import { shownUrl } from '../http/request.ts'
import { type RequestWireOptions, requestWire } from '../http/request-wire.ts'
import { now } from '../platform/clock.ts'
import { hasImages, type ImageSize, loadImage } from '../platform/image.ts'
import type { ReconnectPolicy } from '../policy/retry-policy.ts'
import type { Provider } from '../provider.ts'
import { requireName } from '../validate.ts'
import type { Wire } from '../wire.ts'

/** Options of {@link fromImagePing}. */
export interface ImagePingOptions extends Pick<RequestWireOptions, 'query'> {
  /**
   * When a ping is tried again. Default `false`: a server that counts it may have been reached also if no picture came
   * (an answer of 204 looks like none), and would count it again. `{}` tries twice more, within a few seconds.
   */
  readonly retry?: ReconnectPolicy | false | undefined
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /**
   * The query parameter that makes the url of each attempt another one, so that no cache answers in the server's place.
   * Default `'_'`; `false` for none.
   */
  readonly cacheBuster?: string | false | undefined
}

const TIMEOUT_MS = 30_000

/**
 * One GET as browsers have always been able to send it, to any server and without CORS: a picture. `connecting`,
 * `open`, `message` with its size, `close`.
 *
 * It fails with a `WireError` of kind `network` if there is no picture, and `timeout` after `timeoutMs`. A browser
 * does not tell an answer that is no picture (204 among them) from no answer at all, so it is not tried again unless
 * `retry` says so. To send what nobody waits
 * for, take `sendBeacon`. Unsubscribing aborts.
 *
 * @param url Where the picture is, or a function that says so for each attempt.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromImagePing } from 'rxwire'
 *
 * fromImagePing('https://example.com/pixel.gif', { query: { seen: 'intro' } }).subscribe({
 *   complete: () => console.info('there'),
 * })
 * ```
 */
export function fromImagePing(url: Provider<string | URL>, options: ImagePingOptions = {}): Wire<ImageSize> {
  const { cacheBuster = '_', query, retry = false, timeoutMs = TIMEOUT_MS } = options
  if (cacheBuster !== false) requireName('cacheBuster', cacheBuster)

  return requestWire<ImageSize>(url, { query, retry, timeoutMs }, () => async (request, attempt) => {
    const size = await load(request, cacheBuster, attempt.signal)
    attempt.open()
    attempt.message(size)
    attempt.close({ wasClean: true })
  })
}

async function load(request: ResolvedRequest, cacheBuster: string | false, signal: AbortSignal): Promise<ImageSize> {
  const where = `${request.method} ${shownUrl(request)}`
  if (!hasImages()) {
    throw new WireError('network', `${where} needs a page to load a picture, and this host has none. Use fromFetch.`)
  }
  const size = await loadImage(cacheBuster === false ? request.url : fresh(request.url, cacheBuster), signal)
  if (size !== undefined) return size
  throw new WireError(
    'network',
    `${where} brought no picture. Browsers do not tell why: no network, an error status, a Content-Security-Policy ` +
      '(img-src), or an answer that is no picture, such as 204. The server may have been reached all the same.',
    { retryable: true },
  )
}

/** An address that nobody has asked before. */
function fresh(address: string, param: string): string {
  const url = new URL(address)
  url.searchParams.set(param, now().toString(36) + Math.random().toString(36).slice(2))
  return url.href
}
