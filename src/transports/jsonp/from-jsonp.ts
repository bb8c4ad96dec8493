import { type Decode, messageDecoder, requireDecode } from '../../decoders/decode-message.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { type RequestWireOptions, requestWire } from '../../http/request-wire.ts'
import type { Provider } from '../../provider.ts'
import { requireName, requireOneOf } from '../../validate.ts'
import type { Wire } from '../../wire.ts'
import { CALLBACK } from './frame-page.ts'
import { requestScript } from './script-request.ts'

/** Options of {@link fromJsonp}. */
export interface JsonpOptions<T> extends Pick<RequestWireOptions, 'query' | 'retry'> {
  /** The query parameter that the server takes the name of the callback from. Default `'callback'`. */
  readonly callbackParam?: string | undefined
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /**
   * Whether the script runs where it can reach nothing of the page. Default `true`: no referrer travels, in Chromium
   * and Firefox no cookies of the page, and Chromium does not use what it has cached for the page. (Two things it may
   * learn: where the page's visitor came from, in Firefox, and the address of the page if its Content-Security-Policy
   * says `base-uri 'none'`.) With `false` all of that is as with any script, and whoever controls the answer controls
   * the page: only for a server that you trust with it.
   */
  readonly isolate?: boolean | undefined
  /** The nonce of the page's Content-Security-Policy, which holds for the frame, too. Default: none. */
  readonly nonce?: string | undefined
  /** Turns the answer into the message: a function, or a synchronous Standard Schema. What it throws fails the wire. */
  readonly decode?: Decode<unknown, T> | undefined
}

const TIMEOUT_MS = 30_000

/**
 * One question to a server that answers with a script (JSONP), for those that know no CORS: `connecting`, `open`,
 * `message`, `close`. The script runs in a hidden frame of an origin of its own: it cannot read the page, its address,
 * its cookies or its storage, nor leave anything behind. All that it can do is answer.
 *
 * It fails with a `WireError` of kind `network` if the script cannot be loaded (browsers hide the status), `timeout`
 * after `timeoutMs`, and `decode` if it does not run, does not call back, or answers with what is no data. `open`
 * comes with the answer: nothing is known before. Unsubscribing removes the frame, and with it the request.
 *
 * @param url Where to, or a function that says so for each attempt.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromJsonp, messages } from 'rxwire'
 *
 * fromJsonp<string[]>('https://example.com/suggest', { query: { q: 'rx' }, callbackParam: 'jsonp' })
 *   .pipe(messages())
 *   .subscribe((words) => console.info(words))
 * ```
 */
export function fromJsonp<T = unknown>(url: Provider<string | URL>, options: JsonpOptions<T> = {}): Wire<T> {
  const { callbackParam = 'callback', isolate, nonce, decode, query, retry, timeoutMs = TIMEOUT_MS } = options
  requireName('callbackParam', callbackParam)
  requireOneOf('isolate', isolate, [true, false])
  if (nonce !== undefined) requireName('nonce', nonce)
  if (decode !== undefined) requireDecode(decode)
  // Without a decoder the answer is the message.
  const decodeOne = decode === undefined ? undefined : messageDecoder(decode, 'fail')

  return requestWire<T>(url, { query, retry, timeoutMs }, () => async (request, attempt) => {
    const data = await requestScript(withCallback(request, callbackParam), { isolate, nonce }, attempt.signal)
    attempt.open()
    attempt.message((decodeOne === undefined ? data : decodeOne(data)) as T)
    attempt.close({ wasClean: true })
  })
}

function withCallback(request: ResolvedRequest, param: string): ResolvedRequest {
  const url = new URL(request.url)
  url.searchParams.set(param, CALLBACK)
  return { ...request, url: url.href }
}
