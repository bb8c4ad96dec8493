import { type AttemptSink, fromAttempt } from '../attempt.ts'
import { type AttemptSession, reconnectingEach } from '../engine/reconnecting.ts'
import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import { after } from '../platform/clock.ts'
import { baseUrl } from '../platform/globals.ts'
import { isRepeatable, type ReconnectPolicy, type RepeatOptions, requestPolicy } from '../policy/retry-policy.ts'
import type { Provider } from '../provider.ts'
import { requirePositive, requireUrl } from '../validate.ts'
import type { Wire } from '../wire.ts'
import {
  type RequestOptions,
  type ResolvedRequest,
  requestMaker,
  requestMethod,
  requireRequestOptions,
  shownUrl,
} from './request.ts'

/** What requests have in common, beside what they send. */
export interface RequestWireOptions extends RequestOptions, Pick<RepeatOptions, 'idempotencyKey'> {
  /** How long one attempt may take in all, its body included, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined
  /**
   * When a request is tried again; `false` never does. Default: twice, within a few seconds, after a lost
   * connection and after 408, 425, 429, 500, 502, 503 and 504. Only what is safe to repeat is: idempotent
   * methods, or with an `idempotencyKey`.
   */
  readonly retry?: ReconnectPolicy | false | undefined
}

/** Makes one attempt of a request. The request is made when it is asked for. */
export type RequestAttempt<T> = (makeRequest: () => Promise<ResolvedRequest>, session: AttemptSession) => Wire<T>

/** A wire of one request and one answer, tried a few times where that is safe. */
export function requesting<T>(
  url: Provider<string | URL>,
  options: RequestWireOptions,
  attempt: RequestAttempt<T>,
): Wire<T> {
  return requestingEach(url, options, () => attempt)
}

/** {@link requesting}, for attempts that share something: `begin` is called once for each subscription. */
export function requestingEach<T>(
  url: Provider<string | URL>,
  options: RequestWireOptions & RepeatOptions,
  begin: () => RequestAttempt<T>,
  cursor?: string,
): Wire<T> {
  requireUrl('url', url, baseUrl())
  requireRequestOptions(options)
  requirePositive('timeoutMs', options.timeoutMs)
  const { retry, idempotencyKey } = options
  // [law] What is not safe to repeat is never repeated.
  const mayRepeat = retry !== false && isRepeatable(requestMethod(options), options)
  const given = requestPolicy(retry === false ? undefined : retry)
  const policy = hasOneTimeBody(options) ? withoutBodyRepeat(given) : given
  const beginAttempts = () => {
    const makeRequest = requestMaker(url, options)
    const attempt = begin()
    return (session: AttemptSession) =>
      attempt(async () => {
        const request = await makeRequest(session)
        if (idempotencyKey !== undefined) request.headers.set('idempotency-key', idempotencyKey)
        return request
      }, session)
  }
  return reconnectingEach(beginAttempts, { ...policy, ...(!mayRepeat && { maxRetries: 0 }), cursor })
}

/**
 * One attempt of a request: it is made, within its time, and given to `send` unless its subscriber has left meanwhile.
 */
export function fromRequest<T>(
  options: RequestWireOptions,
  makeRequest: () => Promise<ResolvedRequest>,
  send: (request: ResolvedRequest, sink: AttemptSink<T>, signal: AbortSignal) => Promise<void>,
): Wire<T> {
  return fromAttempt(async (sink, signal) => {
    let request: ResolvedRequest | undefined
    limitTime(options, () => request, sink, signal)
    request = await makeRequest()
    // Whoever left while the providers were asked must not be connected any more.
    signal.throwIfAborted()
    await send(request, sink, signal)
  })
}

/**
 * Ends an attempt that takes longer than it may, the time in which it is made included. Returns what says that it was
 * in time.
 *
 * @param request What the attempt has come to, as far as it is known.
 */
export function limitTime<T>(
  { timeoutMs = Number.POSITIVE_INFINITY }: Pick<RequestWireOptions, 'timeoutMs'>,
  request: () => ResolvedRequest | undefined,
  sink: AttemptSink<T>,
  signal: AbortSignal,
): () => void {
  if (timeoutMs === Number.POSITIVE_INFINITY) return () => {}
  const cancel = after(timeoutMs, () => {
    const made = request()
    const what = made === undefined ? 'Making the request' : `${made.method} ${shownUrl(made)}`
    sink.fail(new WireError('timeout', `${what} took longer than ${timeoutMs} ms.`, { retryable: true }))
  })
  signal.addEventListener('abort', cancel, { once: true })
  return () => {
    cancel()
    signal.removeEventListener('abort', cancel)
  }
}

/** @throws TypeError for a request that is asked again and again, and is not safe to repeat or cannot be. */
export function requireRepeatable(options: RequestOptions & RepeatOptions): void {
  if (hasOneTimeBody(options)) throw new TypeError('body must be a function that makes a stream for each request')
  const method = requestMethod(options)
  if (isRepeatable(method, options)) return
  throw new TypeError(`method must be safe to repeat, as ${method} is not: use GET, or give an idempotencyKey`)
}

/** Whether the body is a stream, which can be sent once, and not a function that makes one for each attempt. */
export function hasOneTimeBody({ body }: Pick<RequestOptions, 'body'>): boolean {
  return isStream(body)
}

/** A policy that says, where it would have tried again, why a body that can be sent once was not. */
export function withoutBodyRepeat(policy: ReconnectPolicy | undefined): ReconnectPolicy {
  return {
    ...policy,
    shouldRetry: (error, context) => {
      if (!(policy?.shouldRetry?.(error, context) ?? error.retryable)) return false
      const message =
        `${error.message} It was not tried again: its body is a stream, which can be sent once. ` +
        'Give body a function that makes a stream for each attempt.'
      throw new WireError(error.kind, message, { cause: error, retryAfterMs: error.retryAfterMs })
    },
  }
}
