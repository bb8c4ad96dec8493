import type { Observable } from 'rxjs'
import type { AttemptContext } from '../attempt.ts'
import { HttpError, type WireError } from '../errors.ts'
import { requireOneOf, requirePolicyObject } from '../validate.ts'
import { type Backoff, exponential } from './backoff.ts'
import { isGone, isRetryableRequest, uploadMeaning } from './http-status.ts'

/** When to retry, after which delay, and when to give up. */
export interface ReconnectPolicy {
  /**
   * How many retries in a row, without proof of service in between, before the wire fails. Default `Infinity` for
   * streams: a limit would disconnect users whose network is bad. Failures that a retry cannot fix end the wire at
   * once.
   */
  readonly maxRetries?: number | undefined
  /** Returns the window of the next attempt. Default {@link exponential} with its defaults. */
  readonly backoff?: Backoff | undefined
  /**
   * Overrides whether a failure is retried: `true` retries, `false` fails, `undefined` uses
   * {@link WireError.retryable}. Default: `undefined` for every failure.
   */
  readonly shouldRetry?: ((error: WireError, context: AttemptContext) => boolean | undefined) | undefined
  /**
   * How long a connection that delivered a message must be open to count as healthy, in milliseconds. Default 1,000: a
   * server that accepts, responds and crashes in a loop must not cause a tight loop of retries.
   */
  readonly resetOnMessageAfterMs?: number | undefined
  /** How long a connection without a message must be open to count as healthy, in milliseconds. Default 5,000. */
  readonly resetOnOpenAfterMs?: number | undefined
  /**
   * The longest delay that a server may ask for with `Retry-After`, in milliseconds. Default 300,000. A longer one
   * fails the wire with that response. A longer `retry:` of an event stream is capped at this value.
   */
  readonly maxRetryAfterMs?: number | undefined
  /**
   * What happens to a connection that is lost while the page is hidden. `'reconnect'` reconnects as usual, so that
   * titles, badges and notifications stay current. `'wait'` reconnects when the page is shown, which saves battery and
   * server load. An open connection stays open, and the first attempt is always made. Default `'reconnect'`.
   */
  readonly whileHidden?: 'reconnect' | 'wait' | undefined
  /**
   * Each emission starts a new attempt at once, in any state of the wire, and forgets earlier failures. Default: none.
   */
  readonly reconnectNow?: Observable<unknown> | undefined
  /** The random numbers for the jitter, uniform in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** What follows when the server no longer has the resume point (410 Gone). */
export interface GoneOptions {
  /**
   * What follows when the server responds to a resume point with 410 Gone.
   * - `'fail'` (the default): the wire fails with that response.
   * - `'restart'`: another request without a resume point, after which the server sends everything again. Its `open` has
   *   `continuity: 'reset'`, and stores return to `initial`.
   * - `'tail'`: the same for a server that then starts with the newest messages. Its `open` has `continuity: 'gap'`.
   */
  readonly onGone?: 'fail' | 'restart' | 'tail' | undefined
}

/** @throws TypeError if the option is invalid, or if the request without a resume point would be unsafe. */
export function requireOnGone(onGone: unknown, isSafe: boolean): void {
  requireOneOf('onGone', onGone, ['fail', 'restart', 'tail'])
  if (isSafe || onGone === undefined || onGone === 'fail') return
  throw new TypeError('onGone needs a method that is safe to repeat, or an idempotencyKey')
}

/** A policy, and the options that a transport adds to it. */
export interface ReconnectingOptions extends ReconnectPolicy, GoneOptions {
  /**
   * How long an attempt may wait for a response, in milliseconds. Grows by a fifth per failure, to twice its value.
   * Default: no limit.
   */
  readonly connectTimeoutMs?: number | undefined
  /** The resume point of the first attempt. Default: none. */
  readonly resumeFrom?: string | undefined
  /**
   * Which failures mean that the credentials are no longer valid. Then the attempt is retried once with fresh ones.
   * Default: 401, and any error of kind `auth`.
   */
  readonly isAboutCredentials?: ((error: WireError) => boolean) | undefined
}

// [spec] RFC 9110 §9.2.2: a request with one of these methods has the same effect if it is sent twice.
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Returns the policy of a stream. `false` never retries. */
export function streamPolicy(policy: ReconnectPolicy | false | undefined): ReconnectPolicy {
  requirePolicyObject('reconnect', policy)
  return policy === false ? { maxRetries: 0 } : (policy ?? {})
}

/** Options that make a request safe to repeat although its method is not. */
export interface RepeatOptions {
  /** Sent as `Idempotency-Key` on each attempt. The server promises to act on it once. Default: none. */
  readonly idempotencyKey?: string | undefined
  /** Whether the server resumes a repeated request from the cursor, instead of starting over. Default `false`. */
  readonly resume?: boolean | undefined
}

/** Returns whether a request has the same effect if it is sent again from the start. */
export function isIdempotent(method: string, idempotencyKey: string | undefined): boolean {
  return IDEMPOTENT_METHODS.has(method) || idempotencyKey !== undefined
}

/** Returns whether a request may be repeated automatically, at least once there is a point to resume from. */
export function isRepeatable(method: string, options: RepeatOptions): boolean {
  return isIdempotent(method, options.idempotencyKey) || options.resume === true
}

/**
 * Returns the policy of a request. A user waits for the response, so it is retried twice within a few seconds, in
 * windows of `U(0, min(10 s, 300 ms · 2ⁿ⁻¹))`, after a 503 at least `U(0, 1 s)`.
 */
export function requestPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  requirePolicyObject('retry', policy)
  return {
    ...policy,
    maxRetries: policy.maxRetries ?? 2,
    backoff: policy.backoff ?? exponential({ floorMs: 0, baseMs: 300, capMs: 10_000, restartMs: 1_000 }),
    shouldRetry: (error, context) => {
      // A 410 is retryable only if the resume point was forgotten.
      const mayRetry = !(error instanceof HttpError) || isRetryableRequest(error) || isGone(error)
      const isFinal = error.retryable && !mayRetry
      return policy.shouldRetry?.(error, context) ?? (isFinal ? false : undefined)
    },
  }
}

/**
 * Returns the policy of an upload, which is retried without a limit. Only bytes that the server has confirmed are proof
 * of service.
 */
export function uploadPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  return {
    ...policy,
    resetOnMessageAfterMs: policy.resetOnMessageAfterMs ?? 0,
    resetOnOpenAfterMs: policy.resetOnOpenAfterMs ?? Number.POSITIVE_INFINITY,
    shouldRetry: (error, context) => policy.shouldRetry?.(error, context) ?? (isRetryableUpload(error) || undefined),
  }
}

/**
 * Returns the policy of deleting an upload: that of a request, but retried five times, and also if the upload is locked
 * (423). The last chunk may still hold it for a few seconds.
 */
export function cancelPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  const request = requestPolicy({ ...policy, maxRetries: policy.maxRetries ?? 5 })
  return {
    ...request,
    shouldRetry: (error, context) =>
      policy.shouldRetry?.(error, context) ?? (isRetryableUpload(error) || request.shouldRetry?.(error, context)),
  }
}

function isRetryableUpload(error: WireError): boolean {
  return error instanceof HttpError && uploadMeaning(error.status) === 'retry'
}
