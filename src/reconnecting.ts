import { defer, Observable, Subscriber, type Subscription } from 'rxjs'
import type { AttemptContext } from './attempt.ts'
import { isWireError, WireError } from './errors.ts'
import { after, now } from './platform/clock.ts'
import { isOffline, networkChanges } from './platform/network.ts'
import type { DelayWindow } from './policy/backoff.ts'
import { asAuthError } from './policy/credentials.ts'
import { delayWithin } from './policy/delay.ts'
import { type ReconnectingOptions, type ReconnectRules, resolveReconnectPolicy } from './policy/reconnect-policy.ts'
import type { ParkReason, Wire, WireEvent, WireMessage } from './wire.ts'

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
}

// The network is back, or fresh credentials are at hand: soon, but not all in the same instant.
const SOON = { floorMs: 0, spanMs: 300 }
// Hosts may claim to be offline for ever. Parked means one attempt a minute.
const PARKED = { floorMs: 60_000, spanMs: 15_000 }

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

  #failures = 0
  #cursor: string | undefined
  #last: WireMessage<T> | undefined
  #cause: WireError | undefined
  #serverFloorMs = 0
  #notBeforeMs = 0
  #askedForFreshCredentials = false

  #openedAtMs: number | undefined
  #delivered = false
  #running: Subscription | undefined
  #cancelConnectTimeout: (() => void) | undefined
  #cancelWait: (() => void) | undefined

  constructor(
    attempt: (session: AttemptSession) => Wire<T>,
    rules: ReconnectRules,
    subscriber: Subscriber<WireEvent<T>>,
  ) {
    this.#attempt = attempt
    this.#rules = rules
    this.#subscriber = subscriber
    this.#cursor = rules.cursor
  }

  start(): void {
    this.#subscriber.add(() => this.#halt())
    this.#subscriber.add(networkChanges().subscribe((online) => this.#onNetworkChange(online)))
    this.#subscriber.add(this.#rules.reconnectNow?.subscribe({ next: () => this.#startOver(), error: () => {} }))
    // Unless that has just done so: a BehaviorSubject speaks at once.
    if (this.#running === undefined) this.#connect()
  }

  #connect(): void {
    if (this.#subscriber.closed) return
    this.#halt()
    this.#openedAtMs = undefined
    this.#delivered = false
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
    }
  }

  #context(): AttemptContext {
    return { attempt: this.#failures, cursor: this.#cursor, cause: this.#cause }
  }

  #watchConnect(): void {
    const limitMs = this.#rules.connectTimeoutMs * Math.min(2, 1 + this.#failures / 5)
    if (limitMs === Number.POSITIVE_INFINITY) return
    this.#cancelConnectTimeout = after(limitMs, () => {
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
    if (event.type === 'message') {
      if (!this.#delivered) this.#answered()
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
    if (this.#hasServed()) {
      this.#failures = 0
      this.#askedForFreshCredentials = false
    }
    // What fails again while there is no network says nothing of the server, and does not count.
    const offline = isOffline()
    const isExcused = offline && this.#failures > 0
    // Credentials are asked for anew once: whoever refuses fresh ones means it.
    const isRefused = this.#rules.isAboutCredentials(error)
    const asksAnew = isRefused && !this.#askedForFreshCredentials
    if (!this.#survives(error, asksAnew, isExcused)) throw isRefused ? asAuthError(error) : error
    this.#askedForFreshCredentials ||= asksAnew
    if (!isExcused) this.#failures += 1
    this.#cause = error
    const nowMs = now()
    this.#notBeforeMs = nowMs + Math.max(this.#serverFloorMs, error.retryAfterMs ?? 0)
    if (offline) this.#wait(PARKED, 'offline', nowMs)
    else this.#wait(asksAnew ? SOON : this.#rules.backoff(this.#failures, error), error, nowMs)
  }

  /** Proof of service, looked up when it matters: bytes prove nothing, nor does an attempt that merely began. */
  #hasServed(): boolean {
    if (this.#openedAtMs === undefined) return false
    const openForMs = now() - this.#openedAtMs
    const { resetOnMessageAfterMs, resetOnOpenAfterMs } = this.#rules
    return openForMs >= resetOnOpenAfterMs || (this.#delivered && openForMs >= resetOnMessageAfterMs)
  }

  #survives(error: WireError, asksAnew: boolean, isExcused: boolean): boolean {
    const { maxRetries, maxRetryAfterMs, shouldRetry } = this.#rules
    if (this.#failures >= maxRetries && !isExcused) return false
    if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) return false
    return shouldRetry(error, this.#context()) ?? (error.retryable || asksAnew)
  }

  /** The one way to wait. Whatever the window, the server is not troubled before the time that it gave. */
  #wait(window: DelayWindow, cause: WireError | ParkReason, nowMs = now()): void {
    this.#halt()
    const serverFloorMs = Math.max(0, this.#notBeforeMs - nowMs)
    const delayMs = delayWithin(window, serverFloorMs, this.#rules.random)
    // The timer first: whoever hears `waiting` may hurry the engine or leave, and finds something to cancel.
    this.#cancelWait = after(delayMs, () => {
      if (isOffline() && cause !== 'offline') this.#wait(PARKED, 'offline')
      else this.#connect()
    })
    this.#subscriber.next({ type: 'waiting', attempt: this.#failures, delayMs, cause })
  }

  /** The network's word is advice: it hurries or parks a wait, and never ends what is running. */
  #onNetworkChange(online: boolean): void {
    if (this.#cancelWait === undefined || this.#cause === undefined) return
    if (online) this.#wait(SOON, this.#cause)
    else this.#wait(PARKED, 'offline')
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
    this.#cancelWait?.()
    this.#cancelWait = undefined
  }
}
