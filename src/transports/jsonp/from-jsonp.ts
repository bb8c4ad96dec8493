import { type Decode, messageDecoder, requireDecode } from '../../decoders/decode-message.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { type RequestWireOptions, requestWire } from '../../http/request-wire.ts'
import type { Provider } from '../../provider.ts'
import { requireName, requireOneOf } from '../../validate.ts'
import type { Wire } from '../../wire.ts'
import { requestScript } from './script-request.ts'

/** Options of {@link fromJsonp}. */
export interface JsonpOptions<T> extends Pick<RequestWireOptions, 'baseUrl' | 'query' | 'retry'> {
  /** The query parameter that tells the server the name of the callback. Default `'callback'`. */
  readonly callbackParam?: string | undefined
  /**
   * The name of the callback, for a server that always calls the same one. Default `'rxwire'`: each request has an iframe
   * of its own, so names do not collide.
   */
  readonly callbackName?: string | undefined
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /**
   * Whether the script is isolated from the page. Default `true`: the request has no referrer, in Chromium and Firefox
   * no cookies of the page, and Chromium does not use the HTTP cache of the page. The script can learn two things: the
   * referrer of the page, in Firefox, and the URL of the page, if its Content-Security-Policy has `base-uri 'none'`.
   * With `false` it runs like any script of the page, so its server controls the page. Use that only for a server you
   * trust.
   */
  readonly isolate?: boolean | undefined
  /** The nonce of the page's Content-Security-Policy, which also applies to the iframe. Default: none. */
  readonly nonce?: string | undefined
  /**
   * Turns the response into the message: a function, or a synchronous Standard Schema. An error that it throws fails
   * the wire. Default: the argument of the callback.
   */
  readonly decode?: Decode<unknown, T> | undefined
}

const TIMEOUT_MS = 30_000

/**
 * Requests data from a server that responds with a script (JSONP), for servers without CORS: `connecting`, `open`,
 * `message`, `close`. The script runs in a hidden iframe with an origin of its own. It cannot read the page, its URL,
 * its cookies or its storage, and cannot change the page. Unsubscribing removes the iframe and aborts the request.
 *
 * It fails with a `WireError` of kind `network` if the script cannot be loaded (browsers hide the status), `timeout`
 * after `timeoutMs`, and `decode` if the script throws, does not call the callback, or passes data that cannot be
 * cloned. `open` is emitted together with the message, because nothing is known before.
 *
 * @param url The URL, or a function that returns it for each attempt.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromJsonp, json, messages } from 'rxwire'
 *
 * fromJsonp('https://example.com/suggest', { decode: json<string[]>(), query: { q: 'rx' }, callbackParam: 'jsonp' })
 *   .pipe(messages())
 *   .subscribe((words) => console.info(words))
 * ```
 */
export function fromJsonp<T = unknown>(url: Provider<string | URL>, options: JsonpOptions<T> = {}): Wire<T> {
  const {
    callbackParam = 'callback',
    callbackName = 'rxwire',
    isolate = true,
    nonce,
    decode,
    baseUrl,
    query,
    retry,
    timeoutMs = TIMEOUT_MS,
  } = options
  requireName('callbackParam', callbackParam)
  requireCallbackName(callbackName)
  requireOneOf('isolate', isolate, [true, false])
  if (nonce !== undefined) requireName('nonce', nonce)
  if (decode !== undefined) requireDecode(decode)
  // Without a decoder the data is the message.
  const decodeOne = decode === undefined ? undefined : messageDecoder(decode, 'fail', 'parsed')

  const page = { callbackName, isolate, nonce }
  return requestWire<T>(url, { baseUrl, query, retry, timeoutMs }, () => async (request, attempt) => {
    const data = await requestScript(withParam(request, callbackParam, callbackName), page, attempt.signal)
    attempt.open()
    attempt.message((decodeOne === undefined ? data : decodeOne(data)) as T)
    attempt.close({ wasClean: true })
  })
}

function requireCallbackName(name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z_$][\w$]*$/.test(name)) return
  throw new TypeError('callbackName must be an identifier, without dots')
}

function withParam(request: ResolvedRequest, param: string, callbackName: string): ResolvedRequest {
  const url = new URL(request.url)
  url.searchParams.set(param, callbackName)
  return { ...request, url: url.href }
}
