import { defer, Observable, Subscriber, type Subscription } from 'rxjs'
import type { AttemptContext } from '../attempt.ts'
import { isWireError, WireError } from '../errors.ts'
import { after, now } from '../platform/clock.ts'
import { isOffline, isSleep, type LifecycleSignal, lifecycle, lifecycleAdvice } from '../platform/page-lifecycle.ts'
import type { DelayWindow } from '../policy/backoff.ts'
import { asAuthError } from '../policy/http-status.ts'
import { type ReconnectingOptions, type ReconnectRules, resolveReconnectPolicy } from '../policy/retry-policy.ts'
import type { Wire, WireEvent, WireMessage } from '../wire.ts'
import { LivenessCheck, SILENCE_LIMIT_MS } from './liveness-check.ts'
import { PROMPT_RETRY, Wait } from './retry-wait.ts'

/** What an attempt is given, and where it says what no event says. */
export interface AttemptSession extends AttemptContext {
  /** Where to resume, as it is when it is asked: it moves with each message that has an id. */
  readonly cursor: string | undefined
  /** The last message that was delivered on this wire. */
  readonly last: WireMessage<unknown> | undefined
  /** Moves the resume point without a message. A message with an `id` moves it by itself. */
  resumeFrom(cursor: string): void
  /** The server asked for this much patience before any further attempt on this wire. */
  waitAtLeast(delayMs: number): void
  /**
   * How this attempt is asked for a sign of life when there is doubt that it is alive, as after a sleep: it emits
   * something in its own time, or fails. Without it, the engine waits a while for whatever the other side sends.
   */
  onProbe(probe: () => void): void
  /** From here on this attempt could not be repeated: the engine leaves it alone until it ends by itself. */
  keep(): void
}

/**
 * The reconnect engine: makes one wire out of as many attempts as it takes. A failure that it survives
 * becomes `waiting`; one that it does not survive is the error of the wire. The resume point lives here, one
 * for each subscription.
 *
 * @param attempt Makes one attempt. Called anew for each, so whatever it reads is fresh.
 * @param policy When to try again, how soon, and when to stop.
 * @throws TypeError if the policy makes no sense.
 *
 * @example
 * ```ts
 * import { reconnecting, type Wire } from 'rxwire'
 *
 * declare function openFeed(after: string | undefined): Wire<string>
 *
 * const feed = reconnecting(({ cursor }) => openFeed(cursor), { maxRetries: 10 })
 * ```
 */
export function reconnecting<T>(
  attempt: (session: AttemptSession) => Wire<T>,
  policy: ReconnectingOptions = {},
): Wire<T> {
  return reconnectingEach(() => attempt, policy)
}

/** {@link reconnecting}, for attempts that share something: `begin` is called once for each subscription. */
export function reconnectingEach<T>(
  begin: () => (session: AttemptSession) => Wire<T>,
  policy: ReconnectingOptions,
): Wire<T> {
  const rules = resolveReconnectPolicy(policy)
  return new Observable((subscriber) => new ReconnectEngine(begin(), rules, subscriber).start())
}

/** One subscription's worth of attempts: always either in an attempt or in a wait before one. */
class ReconnectEngine<T> {
  readonly #attempt: (session: AttemptSession) => Wire<T>
  readonly #rules: ReconnectRules
  readonly #subscriber: Subscriber<WireEvent<T>>
  readonly #wait: Wait
  readonly #liveness = new LivenessCheck(() => this.#onSilence())

  #failures = 0
  #cursor: string | undefined
  #last: WireMessage<T> | undefined
  #cause: WireError | undefined
  #serverFloorMs = 0
  #askedForFreshCredentials = false

  #openedAtMs: number | undefined
  #delivered = false
  #isKept = false
  #probe: (() => void) | undefined
  #running: Subscription | undefined
  #cancelConnectTimeout: (() => void) | undefined

  constructor(
    attempt: (session: AttemptSession) => Wire<T>,
    rules: ReconnectRules,
    subscriber: Subscriber<WireEvent<T>>,
  ) {
    this.#attempt = attempt
    this.#rules = rules
    this.#subscriber = subscriber
    this.#cursor = rules.cursor
    this.#wait = new Wait(
      rules,
      (delayMs, cause) => subscriber.next({ type: 'waiting', attempt: this.#failures, delayMs, cause }),
      () => this.#connect(),
    )
  }

  start(): void {
    this.#subscriber.add(() => this.#halt())
    this.#subscriber.add(lifecycle().subscribe((signal) => this.#onSignal(signal)))
    this.#subscriber.add(this.#rules.reconnectNow?.subscribe({ next: () => this.#startOver(), error: () => {} }))
    // Unless that has just done so: a BehaviorSubject speaks at once.
    if (this.#running === undefined) this.#connect()
  }

  #connect(): void {
    if (this.#subscriber.closed) return
    this.#halt()
    this.#openedAtMs = undefined
    this.#delivered = false
    this.#isKept = false
    this.#probe = undefined
    // A Subscriber, not an observer: it exists before the attempt emits, so leaving in the midst of
    // `connecting` stops the attempt before it opens anything.
    const running = new Subscriber<WireEvent<T>>({
      next: (event) => this.#onEvent(event),
      error: (error: unknown) => this.#onFailure(error),
      complete: () => this.#subscriber.complete(),
    })
    this.#running = running
    this.#watchConnect()
    defer(() => this.#attempt(this.#session(running))).subscribe(running)
  }

  #session(running: Subscription): AttemptSession {
    const engine = this
    return {
      attempt: this.#failures,
      cause: this.#cause,
      get cursor() {
        return engine.#cursor
      },
      get last() {
        return engine.#last
      },
      // An attempt that is over may still be reading what it had in hand. Its word does not count any more.
      resumeFrom: (cursor) => {
        if (running.closed || cursor === this.#cursor) return
        this.#cursor = cursor
        // Somewhere else to go on from: that is as good as a message.
        this.#delivered = true
      },
      waitAtLeast: (delayMs) => {
        const floorMs = Math.min(delayMs, this.#rules.maxRetryAfterMs, Number.MAX_SAFE_INTEGER)
        if (!running.closed) this.#serverFloorMs = floorMs
      },
      onProbe: (probe) => {
        if (!running.closed) this.#probe = probe
      },
      keep: () => {
        if (!running.closed) this.#isKept = true
      },
    }
  }

  #context(): AttemptContext {
    return { attempt: this.#failures, cursor: this.#cursor, cause: this.#cause }
  }

  #watchConnect(): void {
    const limitMs = this.#rules.connectTimeoutMs * Math.min(2, 1 + this.#failures / 5)
    if (limitMs === Number.POSITIVE_INFINITY) return
    this.#cancelConnectTimeout = after(limitMs, (lateMs) => {
      // A limit that has slept says nothing of the server.
      if (isSleep(lateMs) && this.#canReplace) this.#liveness.start()
      this.#running?.unsubscribe()
      this.#onFailure(
        new WireError(
          'timeout',
          `No answer within ${limitMs} ms. If the server is merely slow, raise connectTimeoutMs; if it holds its ` +
            'headers back until it has data, let it flush them at once; if they are buffered by a proxy, let it hand ' +
            'them on (nginx: `X-Accel-Buffering: no` in the response, or `proxy_buffering off`).',
          { retryable: true },
        ),
      )
    })
  }

  #onEvent(event: WireEvent<T>): void {
    if (this.#liveness.isRunning) this.#liveness.clear()
    if (event.type === 'message') {
      if (this.#openedAtMs === undefined) this.#answered()
      this.#delivered = true
      this.#last = event
      if (event.id !== undefined) this.#cursor = event.id
    } else if (event.type === 'open') {
      this.#answered()
    } else if (event.type === 'connecting' && this.#failures > 0) {
      this.#subscriber.next({ type: 'connecting', attempt: this.#failures + event.attempt })
      return
    }
    this.#subscriber.next(event)
  }

  /** With `open`, or with the first message of an attempt that does not say so. */
  #answered(): void {
    this.#openedAtMs ??= now()
    this.#cancelConnectTimeout?.()
  }

  #onFailure(error: unknown): void {
    this.#cancelConnectTimeout?.()
    try {
      this.#recover(error)
    } catch (final) {
      this.#subscriber.error(final)
    }
  }

  /** @throws What ends the wire: the error itself, or what a policy of the caller's throws. */
  #recover(error: unknown): void {
    if (!isWireError(error)) throw error
    this.#resetIfHealthy()
    // What fails again without a network says nothing of the server, nor does what has not survived a sleep.
    const isUnderCheck = this.#liveness.isRunning
    const isNotCounted = isUnderCheck || (isOffline() && this.#failures > 0)
    // Credentials are asked for anew once: whoever refuses fresh ones means it.
    const isRefused = this.#rules.isAboutCredentials(error)
    const asksAnew = isRefused && !this.#askedForFreshCredentials
    if (!this.#survives(error, asksAnew, isNotCounted)) throw isRefused ? asAuthError(error) : error
    this.#askedForFreshCredentials ||= asksAnew
    if (!isNotCounted) this.#failures += 1
    this.#tryAgain(asksAnew || isUnderCheck ? PROMPT_RETRY : this.#rules.backoff(this.#failures, error), error)
  }

  #tryAgain(window: DelayWindow, cause: WireError): void {
    this.#halt()
    this.#cause = cause
    this.#wait.begin(window, cause, Math.max(this.#serverFloorMs, cause.retryAfterMs ?? 0))
  }

  /** An attempt that has served ends: what failed before it is forgotten. */
  #resetIfHealthy(): void {
    if (!this.#hasServed()) return
    this.#failures = 0
    this.#askedForFreshCredentials = false
  }

  /** Proof of service, looked up when it matters: bytes prove nothing, nor does an attempt that merely began. */
  #hasServed(): boolean {
    if (this.#openedAtMs === undefined) return false
    const openForMs = now() - this.#openedAtMs
    const { resetOnMessageAfterMs, resetOnOpenAfterMs } = this.#rules
    return openForMs >= resetOnOpenAfterMs || (this.#delivered && openForMs >= resetOnMessageAfterMs)
  }

  #survives(error: WireError, asksAnew: boolean, isNotCounted: boolean): boolean {
    const { maxRetries, maxRetryAfterMs, shouldRetry } = this.#rules
    if (this.#failures >= maxRetries && !isNotCounted) return false
    if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) return false
    return shouldRetry(error, this.#context()) ?? (error.retryable || asksAnew)
  }

  /** What the host says is advice: it parks, doubts or hurries, and never ends the wire. */
  #onSignal(signal: LifecycleSignal): void {
    const { running, waiting } = lifecycleAdvice[signal]
    if (this.#wait.isOn) {
      if (waiting !== 'stay') this.#wait.reconsider(waiting === 'retry-now', this.#cause ?? 'hidden')
    } else if (this.#canReplace) {
      if (running === 'probe') this.#liveness.start(this.#probe)
      else if (running === 'park') {
        this.#resetIfHealthy()
        this.#halt()
        this.#cause = undefined
        this.#wait.park('hidden')
      }
    }
  }

  /** What may not be tried again must not be ended for a mere signal, either. */
  get #canReplace(): boolean {
    return this.#running !== undefined && !this.#isKept && this.#rules.maxRetries > 0
  }

  /** Silence proves little where nobody was asked, so nothing is replaced that might lose by it. */
  #onSilence(): void {
    if (!this.#canReplace || (this.#delivered && this.#cursor === undefined)) return
    this.#resetIfHealthy()
    const message = `Nothing came within ${SILENCE_LIMIT_MS} ms after a sleep: the connection is taken for lost.`
    this.#tryAgain(PROMPT_RETRY, new WireError('timeout', message, { retryable: true }))
  }

  #startOver(): void {
    this.#failures = 0
    this.#cause = undefined
    this.#askedForFreshCredentials = false
    this.#connect()
  }

  /** Ends whatever is going on: the attempt, its timeout, the wait. */
  #halt(): void {
    this.#running?.unsubscribe()
    this.#cancelConnectTimeout?.()
    this.#liveness.clear()
    this.#wait.cancel()
  }
}
