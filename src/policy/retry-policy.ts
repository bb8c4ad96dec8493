import { isObservable, type Observable } from 'rxjs'
import type { AttemptContext } from '../attempt.ts'
import { HttpError, type WireError } from '../errors.ts'
import { requireFunction, requireNonNegative, requireOneOf, requirePositive } from '../validate.ts'
import { type Backoff, exponential } from './backoff.ts'
import { isAboutCredentials, isRetryableRequest, uploadMeaning } from './http-status.ts'

/** When to try again, how soon, and when to stop. */
export interface ReconnectPolicy {
  /**
   * How many retries in a row, without proof of service between them, before the wire fails. Default
   * `Infinity` for streams: a limit strands people whose network is merely bad; failures that no retry can
   * mend end the wire at once.
   */
  readonly maxRetries?: number | undefined
  /** Chooses the window of the next attempt. Default {@link exponential} with its defaults. */
  readonly backoff?: Backoff | undefined
  /**
   * Overrules what is retryable: `true` tries again, `false` fails, `undefined` leaves it to
   * {@link WireError.retryable}.
   */
  readonly shouldRetry?: ((error: WireError, context: AttemptContext) => boolean | undefined) | undefined
  /**
   * A connection that brought a message has proven itself if it was open this long. Default 1,000 ms: a
   * server that accepts, answers and dies in a loop must not be met with a loop.
   */
  readonly resetOnMessageAfterMs?: number | undefined
  /** A silent connection has proven itself if it was open this long. Default 5,000 ms. */
  readonly resetOnOpenAfterMs?: number | undefined
  /**
   * The longest time that a server may ask to be left alone. Default 300,000 ms: what asks for more says
   * "not today", and the wire fails with that answer. A longer `retry:` counts as this.
   */
  readonly maxRetryAfterMs?: number | undefined
  /**
   * What becomes of a connection that is lost while the page is hidden: `'reconnect'` tries again as ever, so that
   * titles, badges and notifications stay true; `'wait'` tries again when the page is shown, which spares batteries
   * and servers where nobody looks. What is open stays open, and the first attempt is always made. Default
   * `'reconnect'`.
   */
  readonly whileHidden?: 'reconnect' | 'wait' | undefined
  /** Each emission starts a new attempt at once, whatever the wire is doing, and forgets earlier failures. */
  readonly reconnectNow?: Observable<unknown> | undefined
  /** The source of jitter, uniform in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** A policy, and what a transport adds to it. */
export interface ReconnectingOptions extends ReconnectPolicy {
  /** How long an attempt may take to be answered; grows by a fifth per failure, to twice its value. Default: no limit. */
  readonly connectTimeoutMs?: number | undefined
  /** Where the first attempt resumes. Default: at the beginning. */
  readonly resumeFrom?: string | undefined
  /**
   * Which failures mean that credentials are not good any more: they are asked for anew once. Default: 401, and
   * any error of kind `auth`.
   */
  readonly isAboutCredentials?: ((error: WireError) => boolean) | undefined
}

/** A policy without gaps. */
export interface ReconnectRules {
  readonly maxRetries: number
  readonly backoff: Backoff
  readonly shouldRetry: NonNullable<ReconnectPolicy['shouldRetry']>
  readonly resetOnMessageAfterMs: number
  readonly resetOnOpenAfterMs: number
  readonly maxRetryAfterMs: number
  readonly connectTimeoutMs: number
  readonly whileHidden: 'reconnect' | 'wait'
  readonly reconnectNow: Observable<unknown> | undefined
  readonly resumeFrom: string | undefined
  readonly isAboutCredentials: (error: WireError) => boolean
  readonly random: () => number
}

/** Fills the gaps of a policy and refuses what makes no sense. */
export function resolveReconnectPolicy(policy: ReconnectingOptions): ReconnectRules {
  requireNonNegative('reconnect: maxRetries', policy.maxRetries)
  requireNonNegative('reconnect: resetOnMessageAfterMs', policy.resetOnMessageAfterMs)
  requireNonNegative('reconnect: resetOnOpenAfterMs', policy.resetOnOpenAfterMs)
  requireNonNegative('reconnect: maxRetryAfterMs', policy.maxRetryAfterMs)
  requirePositive('connectTimeoutMs', policy.connectTimeoutMs)
  requireFunction('reconnect: backoff', policy.backoff)
  requireFunction('reconnect: shouldRetry', policy.shouldRetry)
  requireFunction('reconnect: random', policy.random)
  requireFunction('isAboutCredentials', policy.isAboutCredentials)
  requireOneOf('reconnect: whileHidden', policy.whileHidden, ['reconnect', 'wait'])
  if (policy.reconnectNow !== undefined && !isObservable(policy.reconnectNow)) {
    throw new TypeError('reconnect: reconnectNow must be an Observable')
  }
  return {
    maxRetries: policy.maxRetries ?? Number.POSITIVE_INFINITY,
    backoff: policy.backoff ?? exponential(),
    shouldRetry: policy.shouldRetry ?? (() => undefined),
    resetOnMessageAfterMs: policy.resetOnMessageAfterMs ?? 1_000,
    resetOnOpenAfterMs: policy.resetOnOpenAfterMs ?? 5_000,
    maxRetryAfterMs: policy.maxRetryAfterMs ?? 300_000,
    connectTimeoutMs: policy.connectTimeoutMs ?? Number.POSITIVE_INFINITY,
    whileHidden: policy.whileHidden ?? 'reconnect',
    reconnectNow: policy.reconnectNow,
    resumeFrom: policy.resumeFrom,
    isAboutCredentials: policy.isAboutCredentials ?? isAboutCredentials,
    random: policy.random ?? Math.random,
  }
}

// RFC 9110 §9.2.2: asking twice has the effect of asking once.
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** The policy of a stream: what the caller gave, where `false` never retries. */
export function streamPolicy(given: ReconnectPolicy | false | undefined): ReconnectPolicy {
  return given === false ? { maxRetries: 0 } : (given ?? {})
}

/** What makes a request safe to send again although its method is not. */
export interface RepeatOptions {
  /** Sent as `Idempotency-Key`, the same on each attempt: the server promises to act on it once. */
  readonly idempotencyKey?: string | undefined
  /** `true` if the server continues a repeated request from the cursor instead of starting it again. */
  readonly resume?: boolean | undefined
}

/** Whether a request may be sent again by itself. */
export function isRepeatable(method: string, options: RepeatOptions): boolean {
  return IDEMPOTENT_METHODS.has(method) || options.idempotencyKey !== undefined || options.resume === true
}

/**
 * When a request is tried again, as opposed to a stream: somebody is waiting for the answer. Two retries within a
 * few seconds: windows of `U(0, min(10 s, 300 ms · 2ⁿ⁻¹))`, after a 503 at least `U(0, 1 s)`.
 */
export function requestPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  return {
    ...policy,
    maxRetries: policy.maxRetries ?? 2,
    backoff: policy.backoff ?? exponential({ floorMs: 0, baseMs: 300, capMs: 10_000, restartMs: 1_000 }),
    shouldRetry: (error, context) => {
      const isFinal = error instanceof HttpError && error.retryable && !isRetryableRequest(error.status)
      return policy.shouldRetry?.(error, context) ?? (isFinal ? false : undefined)
    },
  }
}

/** When an upload is tried again: for as long as it takes. Only what the server has confirmed proves its service. */
export function uploadPolicy(policy: ReconnectPolicy = {}): ReconnectPolicy {
  return {
    ...policy,
    resetOnMessageAfterMs: policy.resetOnMessageAfterMs ?? 0,
    resetOnOpenAfterMs: policy.resetOnOpenAfterMs ?? Number.POSITIVE_INFINITY,
    shouldRetry: (error, context) =>
      policy.shouldRetry?.(error, context) ??
      ((error instanceof HttpError && uploadMeaning(error.status) === 'retry') || undefined),
  }
}
