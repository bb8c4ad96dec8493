import { Observable, type Subscriber } from 'rxjs'
import type { AttemptContext, Connect } from '../attempt.ts'
import { callSync, isTrue } from '../callback.ts'
import { CloseError, changedError, isWireError, WireError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import {
  isOffline,
  isPrerendering,
  isSleep,
  type LifecycleSignal,
  lifecycle,
  lifecycleAdvice,
} from '../platform/page-lifecycle.ts'
import { type DelayWindow, delayedAttempt, isWindow, LIVES_IN_FIRST_WINDOW, rotationWindow } from '../policy/backoff.ts'
import { asAuthError, isGone } from '../policy/http-status.ts'
import { type ReconnectRules, resolveReconnectPolicy } from '../policy/reconnect-rules.ts'
import type { ReconnectingOptions } from '../policy/retry-policy.ts'
import { type Backpressure, type SubscriptionContext, takeContext } from '../subscription-context.ts'
import type { Wire, WireEvent, WireMessage, WireOpen, WireWaiting } from '../wire.ts'
import type { SourceMemory } from '../wire-memory.ts'
import { connectLimitMs, lateResponse } from './connect-limit.ts'
import { LivenessCheck, SILENCE_LIMIT_MS } from './liveness-check.ts'
import { PROMPT_RETRY, RetryWait } from './retry-wait.ts'
import { type AttemptHost, RunningAttempt } from './running-attempt.ts'

const NO_WINDOW: DelayWindow = { floorMs: 0, spanMs: 0 }
// A connection that lives longer is a sign of a healthy server.
const SHORT_LIFE_MS = 5_000

/**
 * Builds a wire from a function that makes one attempt. The engine reconnects after every failure that the policy
 * retries, and keeps the resume point of each subscription.
 *
 * @param connect Makes one attempt. It runs again for each, so the values that it reads are current.
 * @param policy When to retry, after which delay, and when to give up. `{ maxRetries: 0 }` never retries.
 * @throws TypeError if the policy is invalid.
 *
 * @example
 * ```ts
 * import { reconnecting } from 'rxwire'
 *
 * const feed = reconnecting<string>((attempt) => {
 *   const source = new EventSource(`/feed?after=${attempt.cursor ?? ''}`)
 *   attempt.signal.addEventListener('abort', () => source.close())
 *   source.onopen = () => attempt.open()
 *   source.onmessage = ({ data, lastEventId }) => attempt.message(data, lastEventId)
 * })
 * ```
 */
export function reconnecting<T>(connect: Connect<T>, policy: ReconnectingOptions = {}): Wire<T> {
  return createWire(() => connect, policy)
}

/**
 * Builds the wire of a transport. This is the only place that creates an Observable for one.
 *
 * @param start Runs once per subscription and returns the function that makes each of its attempts. State that the
 *   attempts share (decoders, counters) is created here. State that outlives a subscription is in `memory`.
 */
export function createWire<T>(
  start: (memory: SourceMemory, context: SubscriptionContext) => Connect<T>,
  policy: ReconnectingOptions,
): Wire<T> {
  const rules = resolveReconnectPolicy(policy)
  return new Observable((subscriber) =>
    takeContext((context) => {
      const memory = context.memory?.next() ?? {}
      if (!memory.hasCursor) memory.cursor = rules.resumeFrom
      memory.hasCursor = true
      new ReconnectEngine(start(memory, context), rules, memory, context.backpressure, subscriber).start()
    }),
  )
}

const isFraction = (drawn: unknown) => typeof drawn === 'number' && drawn >= 0 && drawn <= 1
const isDecision = (decision: unknown) => decision === undefined || typeof decision === 'boolean'

/** One subscription. It is always either in an attempt, or in the wait before one. */
class ReconnectEngine<T> implements AttemptHost<T> {
  readonly subscriber: Subscriber<WireEvent<T>>
  readonly backpressure: Backpressure | undefined
  readonly liveness: LivenessCheck = new LivenessCheck(() => this.#onSilence())
  last: WireMessage<T> | undefined
  continuity: WireOpen['continuity']
  readonly memory: SourceMemory

  readonly #connect: Connect<T>
  readonly #rules: ReconnectRules
  readonly #wait: RetryWait

  #running: RunningAttempt<T> | undefined
  #failures = 0
  /** How many connections in a row ended soon after they were opened, whatever they brought. */
  #shortLives = 0
  /** Why the last attempt failed; `undefined` if it did not. */
  #cause: WireError | undefined
  #waitCause: WireWaiting['cause'] = 'hidden'
  #serverFloorMs = 0
  #hasRefreshedCredentials = false
  #cancelConnectTimeout: (() => void) | undefined

  constructor(
    connect: Connect<T>,
    rules: ReconnectRules,
    memory: SourceMemory,
    backpressure: Backpressure | undefined,
    subscriber: Subscriber<WireEvent<T>>,
  ) {
    this.subscriber = subscriber
    this.backpressure = backpressure
    this.memory = memory
    this.#connect = connect
    this.#rules = rules
    this.#wait = new RetryWait(
      { ...rules, random: () => this.#random() },
      (delayMs, cause) => subscriber.next({ type: 'waiting', attempt: this.#failures, delayMs, cause }),
      () => this.#startAttempt(),
    )
  }

  get cursor(): string | undefined {
    return this.memory.cursor
  }

  set cursor(cursor: string | undefined) {
    this.memory.previousCursor = this.memory.cursor
    this.memory.cursor = cursor
  }

  start(): void {
    this.subscriber.add(() => this.#halt())
    this.subscriber.add(lifecycle().subscribe((signal) => this.#onSignal(signal)))
    this.subscriber.add(this.#rules.reconnectNow?.subscribe({ next: () => this.#startOver(), error: () => {} }))
    // A `reconnectNow` that emits on subscribe, as a BehaviorSubject does, has started the first attempt already.
    if (this.#running !== undefined) return
    // A prerendered page may never be shown.
    if (isPrerendering()) {
      this.subscriber.next({ type: 'connecting', attempt: 0 })
      if (!this.subscriber.closed) this.#park('prerendering')
    } else this.#startAttempt()
  }

  onOpen(): void {
    this.#cancelConnectTimeout?.()
  }

  onRetryAfter(delayMs: number): void {
    this.#serverFloorMs = Math.min(delayMs, this.#rules.maxRetryAfterMs, Number.MAX_SAFE_INTEGER)
  }

  onFailure(error: unknown): void {
    this.#cancelConnectTimeout?.()
    try {
      this.#recover(error)
    } catch (final) {
      this.subscriber.error(final)
    }
  }

  #startAttempt(): void {
    if (this.subscriber.closed) return
    this.#halt()
    const running = new RunningAttempt(this, this.#failures, this.#cause)
    this.#running = running
    this.#startConnectTimeout()
    running.run(this.#connect)
  }

  #startConnectTimeout(): void {
    const limitMs = connectLimitMs(this.#rules.connectTimeoutMs, this.#failures)
    if (limitMs === Number.POSITIVE_INFINITY) return
    this.#cancelConnectTimeout = after(limitMs, (lateMs) => {
      // A timeout that fires after a sleep says nothing about the server.
      if (isSleep(lateMs) && this.#isReplaceable) this.liveness.start()
      this.#running?.fail(lateResponse(limitMs))
    })
  }

  /** @throws The error that ends the wire: `error` itself, or what a callback of the policy throws. */
  #recover(failure: unknown): void {
    if (!isWireError(failure)) throw failure
    const error = this.#withoutPoint(failure)
    this.#judgeLife()
    if (this.#isRotation(error)) {
      // A delay that the server asked for replaces the window.
      const window = this.#serverFloorMs > 0 ? NO_WINDOW : rotationWindow(this.#shortLives)
      this.#wait.start(window, this.#pause('rotated'), this.#serverFloorMs)
      return
    }
    // A failure while offline, or after a sleep, says nothing about the server.
    const isUnderCheck = this.liveness.isRunning
    const isNotCounted = isUnderCheck || (isOffline() && this.#failures > 0)
    // Credentials are refreshed once. If the server refuses fresh ones too, the failure is final.
    const isAuthFailure = isTrue('isAboutCredentials', () => this.#rules.isAboutCredentials(error))
    const willRefresh = isAuthFailure && !this.#hasRefreshedCredentials
    if (!this.#mayRetry(error, willRefresh, isNotCounted)) throw isAuthFailure ? asAuthError(error) : error
    this.#hasRefreshedCredentials ||= willRefresh
    if (!isNotCounted) this.#failures += 1
    // [law] 6: fresh credentials are tried soon, unless connections keep ending at once.
    const isPrompt = isUnderCheck || (willRefresh && this.#shortLives <= LIVES_IN_FIRST_WINDOW)
    const attempt = delayedAttempt(this.#failures, this.#shortLives)
    const backoff = () => this.#rules.backoff(attempt, error)
    this.#retry(isPrompt ? PROMPT_RETRY : callSync('reconnect: backoff', backoff, 'a window', isWindow), error)
  }

  /** Forgets a resume point that the server no longer has, if the policy allows that. Then the failure is retryable. */
  #withoutPoint(error: WireError): WireError {
    const { onGone } = this.#rules
    if (onGone === 'fail' || this.cursor === undefined || !isGone(error)) return error
    this.cursor = undefined
    this.continuity = onGone === 'restart' ? 'reset' : 'gap'
    return changedError(error, { retryable: true })
  }

  #retry(window: DelayWindow, cause: WireError): void {
    // A callback of the policy may have unsubscribed.
    if (this.subscriber.closed) return
    this.#pause(cause)
    this.#wait.start(window, cause, Math.max(this.#serverFloorMs, cause.retryAfterMs ?? 0))
  }

  /** Returns NaN if the wire has failed, because `random` is invalid. In a timer, an error that is thrown would be uncaught. */
  #random(): number {
    try {
      return callSync('reconnect: random', this.#rules.random, 'a number from 0 to 1', isFraction)
    } catch (error) {
      this.subscriber.error(error)
      return Number.NaN
    }
  }

  #park(reason: 'hidden' | 'prerendering'): void {
    this.#wait.pause(this.#pause(reason))
  }

  /** Ends the attempt before a wait. Returns the cause of the wait. */
  #pause<C extends WireWaiting['cause']>(cause: C): C {
    this.#halt()
    this.#waitCause = cause
    this.#cause = typeof cause === 'string' ? undefined : cause
    return cause
  }

  /**
   * Whether the end of an attempt is no failure. An HTTP stream cannot stay open for ever, so a server or a proxy ends it
   * cleanly now and then. Such an end without news is a failure.
   */
  #isRotation(error: WireError): boolean {
    const isCleanEnd = error instanceof CloseError && error.wasClean && error.code === undefined && error.retryable
    return isCleanEnd && this.#running?.hasDelivered === true && this.#rules.maxRetries > 0
  }

  /** Forgets earlier failures if the attempt that ends was healthy, and counts connections that end at once. */
  #judgeLife(): void {
    const openedAtMs = this.#running?.openedAtMs
    if (openedAtMs !== undefined) this.#shortLives = now() - openedAtMs < SHORT_LIFE_MS ? this.#shortLives + 1 : 0
    if (!this.#isHealthy()) return
    this.#failures = 0
    this.#hasRefreshedCredentials = false
  }

  /** Whether the attempt is proof of service. Checked when it ends. Sent bytes and `connecting` do not count. */
  #isHealthy(): boolean {
    const { openedAtMs, hasDelivered, hasMoved } = this.#running ?? {}
    if (hasMoved) return true
    if (openedAtMs === undefined) return false
    const openForMs = now() - openedAtMs
    const { resetOnMessageAfterMs, resetOnOpenAfterMs } = this.#rules
    return openForMs >= resetOnOpenAfterMs || (hasDelivered === true && openForMs >= resetOnMessageAfterMs)
  }

  #mayRetry(error: WireError, willRefresh: boolean, isNotCounted: boolean): boolean {
    const { maxRetries, maxRetryAfterMs, shouldRetry } = this.#rules
    if (this.#failures >= maxRetries && !isNotCounted) return false
    if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) return false
    const context: AttemptContext = { attempt: this.#failures, cursor: this.cursor, cause: this.#cause }
    const decide = () => shouldRetry(error, context) ?? undefined
    return callSync('reconnect: shouldRetry', decide, 'a boolean', isDecision) ?? (error.retryable || willRefresh)
  }

  /** Signals of the host are advice. They may pause a wire, check it or shorten its wait, but never end it. */
  #onSignal(signal: LifecycleSignal): void {
    const { running, waiting } = lifecycleAdvice[signal]
    if (this.#wait.isRunning) {
      if (waiting !== 'stay') this.#wait.reconsider(waiting === 'retry-now', this.#waitCause)
    } else if (this.#isReplaceable) {
      if (running === 'probe') this.liveness.start(this.#running?.probe)
      else if (running === 'park') {
        this.#judgeLife()
        this.#park('hidden')
      }
    }
  }

  /** Whether a signal may end the attempt: it must be safe to repeat, and the policy must allow a retry. */
  get #isReplaceable(): boolean {
    return this.#running !== undefined && this.#running.unrepeatable === undefined && this.#rules.maxRetries > 0
  }

  /**
   * Replaces a connection that stayed silent after a sleep, unless that could lose or repeat messages. Silence does not
   * prove that the connection is dead.
   */
  #onSilence(): void {
    if (!this.#isReplaceable || (this.#running?.hasDelivered && this.cursor === undefined)) return
    this.#judgeLife()
    const message = `No event within ${SILENCE_LIMIT_MS} ms after a sleep.`
    this.#retry(PROMPT_RETRY, new WireError('timeout', message, { retryable: true }))
  }

  #startOver(): void {
    this.#failures = 0
    this.#shortLives = 0
    this.#cause = undefined
    this.#hasRefreshedCredentials = false
    this.#startAttempt()
  }

  /** Ends the attempt, its timeout, its check, or the wait. */
  #halt(): void {
    this.#running?.abort()
    this.#cancelConnectTimeout?.()
    this.liveness.clear()
    this.#wait.cancel()
  }
}
