import type { Observable } from 'rxjs'
import { type Decode, requireBadMessagePolicy } from '../../decoders/decode-message.ts'
import { type AttemptSession, reconnectingEach } from '../../engine/reconnecting.ts'
import { WireError } from '../../errors.ts'
import { openTextByFetch } from '../../http/fetch.ts'
import { type MakeRequest, requestMaker, requestMethod, requireRequestOptions } from '../../http/request.ts'
import { hasOneTimeBody, withoutBodyRepeat } from '../../http/request-wire.ts'
import { openTextByXhr } from '../../http/xhr-stream.ts'
import { decodeText } from '../../operators/decode.ts'
import { baseUrl, nativeEventSource, streamingFetch, xmlHttpRequest } from '../../platform/globals.ts'
import { isRepeatable } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import { requireOneOf, requirePositive, requireUrl } from '../../validate.ts'
import type { Wire } from '../../wire.ts'
import { nativeAttempt } from './native-attempt.ts'
import type { EventSourceOptions } from './options.ts'
import { streamedAttempt } from './streamed-attempt.ts'

const CONNECT_TIMEOUT_MS = 10_000

/**
 * Server-Sent Events (HTML Standard §9.2) that come back after every cut, from where they were.
 *
 * The end of the body, a broken connection and statuses that may pass become `waiting`; 204 completes. It fails
 * with an `HttpError` on a final status or a body that is no event stream, with a `WireError` of kind `auth` when
 * fresh credentials are refused too, and of kind `overflow` on an event past its bound. A method that is not
 * idempotent is not repeated, unless `resume` or an `idempotencyKey` makes it safe.
 *
 * @param url Where the stream is, or a function that says so for each attempt.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromEventSource, messages } from 'rxwire'
 *
 * fromEventSource<{ price: number }>('/ticks', { events: ['tick'], decode: JSON.parse })
 *   .pipe(messages())
 *   .subscribe(({ price }) => console.info(price))
 * ```
 */
export function fromEventSource(url: Provider<string | URL>, options?: EventSourceOptions<string>): Wire<string>
export function fromEventSource<T>(
  url: Provider<string | URL>,
  options: EventSourceOptions<T> & { readonly decode: Decode<string, T> },
): Wire<T>
export function fromEventSource<T>(url: Provider<string | URL>, options: EventSourceOptions<T> = {}): Wire<T> {
  requireEventSourceOptions(url, options)
  const given = options.reconnect === false ? { maxRetries: 0 } : options.reconnect
  const policy = hasOneTimeBody(options) ? withoutBodyRepeat(given) : given
  const begin = () => {
    const makeRequest = requestMaker(url, options)
    return (session: AttemptSession) => attemptWith(makeRequest, options, session)
  }
  const wire = reconnectingEach(begin, {
    ...policy,
    // [law] What is not safe to repeat is never repeated.
    ...(!isRepeatable(requestMethod(options), options) && { maxRetries: 0 }),
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    cursor: options.lastEventId,
  })
  // Without a decoder the text is the message: `T` is `string` then.
  return options.decode === undefined
    ? (wire as Observable<unknown> as Wire<T>)
    : wire.pipe(decodeText(options.decode, options))
}

/** The engine is looked up for each attempt, not at the call: under SSR there may be none, and no need of one. */
function attemptWith(
  makeRequest: MakeRequest,
  options: EventSourceOptions<unknown>,
  session: AttemptSession,
): Wire<string> {
  const { engine } = options
  const fetch = streamingFetch(options)
  if (fetch !== undefined && (engine ?? 'fetch') === 'fetch') {
    return streamedAttempt(makeRequest, options, openTextByFetch(fetch), session)
  }
  const Xhr = xmlHttpRequest(options)
  if (Xhr !== undefined && (engine ?? 'xhr') === 'xhr') {
    return streamedAttempt(makeRequest, options, openTextByXhr(Xhr), session)
  }
  const Native = nativeEventSource(options)
  if (Native !== undefined && (engine ?? 'native') === 'native') {
    const beyond = unsupportedByNative(options)
    if (beyond === undefined) return nativeAttempt(makeRequest, options, Native, session)
    throw new WireError('network', `This host has only the native EventSource, and that has no ${beyond}.`)
  }
  throw new WireError(
    'network',
    `This host has no ${engine ?? 'fetch, XMLHttpRequest or EventSource'} to connect with.`,
  )
}

function requireEventSourceOptions<T>(url: unknown, options: EventSourceOptions<T>): void {
  requireUrl('url', url, baseUrl())
  requireOneOf('engine', options.engine, ['fetch', 'xhr', 'native'])
  const beyond = options.engine === 'native' ? unsupportedByNative(options) : undefined
  if (beyond !== undefined) throw new TypeError(`${beyond} needs the engine 'fetch' or 'xhr'`)
  requireRequestOptions(options)
  if (options.events !== undefined && !Array.isArray(options.events)) throw new TypeError('events must be an array')
  requirePositive('maxEventLength', options.maxEventLength)
  if (options.stallTimeoutMs !== 'auto') requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  requireBadMessagePolicy(options.onBadMessage)
  if (options.credentials === 'omit' && (options.engine ?? 'fetch') !== 'fetch') {
    throw new TypeError("credentials: 'omit' needs the engine 'fetch'")
  }
}

/** The first option that the native EventSource has no room for. */
function unsupportedByNative<T>(options: EventSourceOptions<T>): string | undefined {
  const beyond = ['method', 'headers', 'body', 'json', 'idempotencyKey'] as const
  return beyond.find((name) => options[name] !== undefined)
}
