import { STREAM_PER_ATTEMPT } from '../advice.ts'
import type { Attempt } from '../attempt.ts'
import { createWire } from '../engine/reconnecting.ts'
import { changedError, WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import { after } from '../platform/clock.ts'
import {
  isRepeatable,
  type ReconnectingOptions,
  type ReconnectPolicy,
  type RepeatOptions,
  requestPolicy,
} from '../policy/retry-policy.ts'
import type { Provider } from '../provider.ts'
import type { Wire } from '../wire.ts'
import { requireRequestWireOptions } from './check-request.ts'
import { type RequestOptions, type ResolvedRequest, requestMaker, requestMethod, shownUrl } from './request.ts'
import { repeatGuard } from './unsafe-request.ts'

/** Options of the transports that send one request. */
export interface RequestWireOptions extends RequestOptions, Pick<RepeatOptions, 'idempotencyKey'> {
  /** How long one attempt may take, its body included, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined
  /**
   * When to retry, after which delay, and when to give up. `false` never retries. Default: twice, within a few seconds,
   * after a lost connection and after 408, 425, 429, 500, 502, 503 and 504. Only a request that is safe to repeat is
   * retried: one with an idempotent method, or with an `idempotencyKey`.
   */
  readonly retry?: ReconnectPolicy | false | undefined
}

/** Why a stream with `resume: true` is not repeated. */
export const NO_POSITION = ' It was not repeated, because there is no id to resume after: the server would start over.'

/** The policy of a request that is not safe to repeat. `reconnectNow` must not repeat it either. */
export const NO_REPETITION: Pick<ReconnectPolicy, 'maxRetries' | 'reconnectNow'> = {
  maxRetries: 0,
  reconnectNow: undefined,
}

/** Sends the request of one attempt and reports its response. */
export type SendRequest<T> = (request: ResolvedRequest, attempt: Attempt<T>) => Promise<void>

/**
 * Builds the wire of one request and one response, retried where that is safe.
 *
 * @param start Runs once per subscription and returns the function that sends the request of each attempt.
 */
export function requestWire<T>(
  url: Provider<string | URL>,
  options: RequestWireOptions & RepeatOptions,
  start: () => SendRequest<T>,
  { resumeFrom, onGone }: Pick<ReconnectingOptions, 'resumeFrom' | 'onGone'> = {},
): Wire<T> {
  requireRequestWireOptions(url, options)
  const { retry } = options
  // [law] 7: a request that is not safe to repeat is never repeated.
  const isRetried = retry !== false && isRepeatable(requestMethod(options), options)
  const retryPolicy = requestPolicy(retry === false ? undefined : retry)
  const policy = hasOneTimeBody(options) ? withoutBodyRepeat(retryPolicy) : retryPolicy

  return createWire(
    (memory) => {
      const makeRequest = requestMaker(url, options, memory)
      const guard = repeatGuard(memory, options)
      const send = start()
      return async (attempt) => {
        guard.check()
        let request: ResolvedRequest | undefined
        limitTime(options, () => request, attempt)
        request = await makeRequest(attempt)
        // The subscriber may have unsubscribed while the providers ran.
        attempt.signal.throwIfAborted()
        guard.sent(request)
        await send(request, attempt)
      }
    },
    { ...policy, ...(!isRetried && NO_REPETITION), resumeFrom, onGone },
  )
}

/**
 * Fails an attempt that takes longer than `timeoutMs`. The time includes the functions that provide the request.
 *
 * @param getRequest Returns the request, for the message; `undefined` while it is prepared.
 * @returns A function that cancels the timeout.
 */
export function limitTime(
  { timeoutMs = Number.POSITIVE_INFINITY }: Pick<RequestWireOptions, 'timeoutMs'>,
  getRequest: () => ResolvedRequest | undefined,
  attempt: Pick<Attempt<never>, 'signal' | 'fail'>,
): () => void {
  if (timeoutMs === Number.POSITIVE_INFINITY) return () => {}
  const cancel = after(timeoutMs, () => {
    const request = getRequest()
    const what = request === undefined ? 'Preparing the request' : `${request.method} ${shownUrl(request)}`
    attempt.fail(new WireError('timeout', `${what} took longer than ${timeoutMs} ms.`, { retryable: true }))
  })
  attempt.signal.addEventListener('abort', cancel, { once: true })
  return () => {
    cancel()
    attempt.signal.removeEventListener('abort', cancel)
  }
}

/** @throws TypeError if a request cannot be repeated, or is not safe to repeat. */
export function requireRepeatable(options: RequestOptions & RepeatOptions): void {
  if (hasOneTimeBody(options)) throw new TypeError('body must be a function that returns a stream for each request')
  const method = requestMethod(options)
  if (isRepeatable(method, options)) return
  throw new TypeError(`method must be safe to repeat, got ${method}: use GET, or pass an idempotencyKey`)
}

/** Whether `body` is a stream. It can be sent only once; a function can return a stream for each attempt. */
export function hasOneTimeBody({ body }: Pick<RequestOptions, 'body'>): boolean {
  return isStream(body)
}

/**
 * Returns a policy that never retries. Where `policy` would retry, the error explains that the body can be sent only
 * once.
 */
export function withoutBodyRepeat(policy: ReconnectPolicy | undefined): ReconnectPolicy {
  return {
    ...policy,
    shouldRetry: (error, context) => {
      if (!(policy?.shouldRetry?.(error, context) ?? error.retryable)) return false
      const message =
        `${error.message} It was not retried, because its body is a stream, which can be sent only once.` +
        STREAM_PER_ATTEMPT
      throw changedError(error, { message, retryable: false })
    },
  }
}
