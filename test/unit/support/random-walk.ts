import { Subject, type Subscription } from 'rxjs'
import {
  type Attempt,
  isWireError,
  type ParkReason,
  type ReconnectingOptions,
  reconnecting,
  type WireError,
  type WireEvent,
} from 'rxwire'
import { expect, vi } from 'vitest'
import { HandMadeServer, lost, refused, unauthorized } from './attempts.ts'
import { type StubbedPage, stubPage } from './page.ts'

/** One thing that happens to a session. */
export type Step =
  | { readonly kind: 'open' | 'message without id' | 'refuse' | 'complete' | 'offline' | 'online' | 'now' | 'leave' }
  | { readonly kind: 'hidden' | 'shown' | 'frozen' | 'resumed' | 'stored' | 'restored' }
  /** The machine sleeps and wakes, and the page is the first to hear of it. */
  | { readonly kind: 'sleep' }
  | { readonly kind: 'message'; readonly id: string }
  | { readonly kind: 'lose'; readonly retryAfterMs: number | undefined }
  /** The server refuses the credentials. */
  | { readonly kind: 'expire' }
  /** What no event says: where to go on, how long to stay away, that this attempt could not be repeated. */
  | { readonly kind: 'resume'; readonly id: string }
  | { readonly kind: 'patience'; readonly ms: number }
  | { readonly kind: 'keep' }
  | { readonly kind: 'pass'; readonly ms: number }
  /** An attempt that has ended says something all the same. */
  | { readonly kind: 'ghost'; readonly which: number }
  /** The subscriber does something in the midst of the next event of a type. */
  | { readonly kind: 'arm'; readonly on: 'waiting' | 'connecting'; readonly what: 'now' | 'leave' }

/** A session, and beside it a model of the engine that is too simple to be wrong. Each event is held against it. */
export class RandomWalk {
  readonly events: WireEvent<string>[] = []
  ended = false

  readonly #server = new HandMadeServer()
  readonly #now = new Subject<void>()
  readonly #page: StubbedPage = stubPage()
  readonly #policy: ReconnectingOptions
  #subscription: Subscription | undefined
  #violation: unknown
  #armed: Extract<Step, { kind: 'arm' }> | undefined

  #failures = 0
  #mayConnect = true
  #isRunning = false
  #openedAtMs: number | undefined
  #delivered = false
  /** Whether it may be dead without anybody's fault. */
  #isDoubted = false
  #isKept = false
  /** Whether fresh credentials have been asked for, in vain so far. */
  #hasAskedAnew = false
  /** How long the server wants to be left alone, and until when it is. */
  #patienceMs = 0
  #notBeforeMs = 0
  /** No attempt may begin before that, unless the caller says so. */
  #waitsUntilMs = 0
  #cursor: string | undefined
  /** `unseen` for a timeout that happened while offline. */
  #cause: WireError | 'unseen' | undefined

  constructor(policy: ReconnectingOptions) {
    this.#policy = policy
    // The engine turns what this throws into a failure of the attempt, so a failed expectation is kept for the check.
    const connect = (attempt: Attempt<string>) => {
      try {
        expect(this.#server.live, 'attempts at a time').toBe(0)
        expect(attempt).toMatchObject({ attempt: this.#failures, cursor: this.#cursor })
      } catch (error) {
        this.#violation ??= error
      }
      return this.#server.connect(attempt)
    }
    this.#subscription = reconnecting(connect, { ...policy, reconnectNow: this.#now }).subscribe({
      next: (event) => this.#onEvent(event),
      error: (error: unknown) => {
        expect(isWireError(error)).toBe(true)
        this.#end()
      },
      complete: () => this.#end(),
    })
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'pass':
        vi.advanceTimersByTime(step.ms)
        break
      case 'offline':
        this.#page.goOffline()
        break
      case 'online':
        this.#page.goOnline()
        break
      case 'hidden':
        this.#page.hide()
        break
      case 'shown':
        this.#page.show()
        break
      case 'frozen':
        this.#park()
        this.#page.freeze()
        break
      case 'resumed':
        this.#doubt()
        this.#page.resume()
        break
      case 'stored':
        this.#park()
        this.#page.leave(true)
        break
      case 'restored':
        this.#doubt()
        this.#page.appear(true)
        break
      case 'sleep':
        this.#doubt()
        this.#page.sleep(3_600_000)
        this.#page.show()
        // Being shown comes first, and whoever heard of it may have begun an attempt.
        this.#doubt()
        break
      case 'now':
        this.#hurry()
        break
      case 'leave':
        this.#leave()
        break
      case 'arm':
        this.#armed = step
        break
      case 'ghost':
        this.#haunt(step.which)
        break
      default:
        if (this.#isRunning && !this.ended) this.#speak(step)
    }
    this.#check()
  }

  /** With nothing new under the sun, the engine comes back to an attempt by itself. */
  settle(): void {
    this.#armed = undefined
    this.#page.show()
    // A wait, and being parked after it.
    vi.advanceTimersByTime(100_000)
    if (!this.ended && this.#policy.connectTimeoutMs === undefined) expect(this.#server.live).toBe(1)
    this.#leave()
    this.#check()
    vi.advanceTimersByTime(100_000)
    expect(this.#page.listeners).toBe(0)
    expect(this.#now.observed).toBe(false)
  }

  restore(): void {
    this.#page.restore()
  }

  #speak(step: Step): void {
    const attempt = this.#server.last
    if (step.kind === 'open' && this.#openedAtMs === undefined) {
      this.#isDoubted = false
      this.#openedAtMs = Date.now()
      attempt.open()
    } else if (step.kind === 'message' || step.kind === 'message without id') {
      this.#isDoubted = false
      this.#openedAtMs ??= Date.now()
      this.#delivered = true
      const id = step.kind === 'message' ? step.id : undefined
      this.#cursor = id ?? this.#cursor
      attempt.message('a', id)
    } else if (step.kind === 'complete') {
      attempt.close({ wasClean: true })
      expect(this.ended).toBe(true)
    } else if (step.kind === 'lose') {
      this.#lose(lost({ retryAfterMs: step.retryAfterMs }))
    } else if (step.kind === 'expire') {
      this.#expire()
    } else if (step.kind === 'resume') {
      // A new place is as good as a message.
      if (step.id !== this.#cursor) this.#delivered = true
      this.#cursor = step.id
      attempt.moveCursor(step.id)
    } else if (step.kind === 'patience') {
      this.#patienceMs = step.ms
      attempt.retryAfter(step.ms)
    } else if (step.kind === 'keep') {
      this.#isKept = true
      attempt.markUnrepeatable()
    } else if (step.kind === 'refuse') {
      attempt.fail(refused())
      expect(this.ended).toBe(true)
    }
  }

  /** What fails again while offline does not count, nor does what has not survived a sleep. */
  get #isNotCounted(): boolean {
    return this.#isDoubted || (navigator.onLine === false && this.#failures > 0)
  }

  get #mayBeReplaced(): boolean {
    return this.#isRunning && !this.ended && !this.#isKept && this.#policy.maxRetries !== 0
  }

  #doubt(): void {
    if (this.#mayBeReplaced) this.#isDoubted = true
  }

  #park(): void {
    if (!this.#mayBeReplaced) return
    this.#resetIfHealthy()
    this.#isRunning = false
    this.#cause = undefined
  }

  #resetIfHealthy(): void {
    const openForMs = Date.now() - (this.#openedAtMs ?? Number.POSITIVE_INFINITY)
    if (openForMs < 1_000 || (openForMs < 5_000 && !this.#delivered)) return
    this.#failures = 0
    this.#hasAskedAnew = false
  }

  /** Refused credentials are asked for anew, once. */
  #expire(): void {
    this.#resetIfHealthy()
    const asksAnew = !this.#hasAskedAnew
    this.#hasAskedAnew = true
    this.#lose(unauthorized(), asksAnew)
  }

  #lose(error: WireError, mayPass = true): void {
    this.#resetIfHealthy()
    const isLeft = this.#isNotCounted || this.#failures < (this.#policy.maxRetries ?? Number.POSITIVE_INFINITY)
    const survives = isLeft && mayPass
    if (survives) {
      if (!this.#isNotCounted) this.#failures += 1
      this.#cause = error
      this.#leaveAlone(error)
    }
    this.#isRunning = false
    this.#server.last.fail(error)
    if (!survives) expect(this.ended).toBe(true)
  }

  /** Whatever becomes of the wait that follows, the server is not troubled for as long as it has asked for. */
  #leaveAlone({ retryAfterMs = 0 }: { readonly retryAfterMs?: number | undefined } = {}): void {
    this.#notBeforeMs = Date.now() + Math.max(this.#patienceMs, retryAfterMs)
  }

  #onEvent(event: WireEvent<string>): void {
    expect(this.ended, 'an event after the end').toBe(false)
    this.events.push(event)
    if (event.type === 'connecting') {
      expect(this.#mayConnect, 'a wait or a call before each attempt').toBe(true)
      expect(event.attempt).toBe(this.#failures)
      // Timers know only whole milliseconds.
      expect(Date.now(), 'not before the wait is over').toBeGreaterThan(this.#waitsUntilMs - 2)
      this.#mayConnect = false
      this.#isRunning = true
      this.#openedAtMs = undefined
      this.#delivered = false
      this.#isDoubted = false
      this.#isKept = false
    } else if (event.type === 'waiting') {
      if (this.#isRunning) this.#noticeTimeout(event.cause)
      if (this.#cause === 'unseen' && typeof event.cause !== 'string') this.#cause = event.cause
      expect(this.#server.live).toBe(0)
      expect(event.attempt).toBe(this.#failures)
      expect(event.delayMs).toBeGreaterThanOrEqual(Math.max(0, this.#notBeforeMs - Date.now()))
      expect(event.delayMs).toBeLessThanOrEqual(75_000)
      expect(['offline', 'hidden', this.#cause]).toContain(event.cause)
      this.#waitsUntilMs = Date.now() + event.delayMs
      this.#mayConnect = true
    }
    const { type } = event
    if (this.#armed?.on !== type) return
    const { what } = this.#armed
    this.#armed = undefined
    if (what === 'now') this.#hurry()
    else this.#leave()
  }

  /** Of all failures only timeouts are not of the walk's own making. */
  #noticeTimeout(cause: WireError | ParkReason): void {
    if (this.#isDoubted && !this.#isKept) {
      this.#resetIfHealthy()
    } else {
      expect(this.#policy.connectTimeoutMs).toBeDefined()
      expect(this.#openedAtMs).toBeUndefined()
    }
    this.#isRunning = false
    this.#leaveAlone()
    if (!this.#isNotCounted) this.#failures += 1
    this.#cause = typeof cause === 'string' ? 'unseen' : cause
  }

  #hurry(): void {
    if (this.ended) {
      this.#now.next()
      return
    }
    this.#failures = 0
    this.#cause = undefined
    this.#hasAskedAnew = false
    this.#waitsUntilMs = 0
    this.#mayConnect = true
    const before = this.events.length
    this.#now.next()
    expect(this.events[before]).toEqual({ type: 'connecting', attempt: 0 })
  }

  #haunt(which: number): void {
    const ended = this.#server.attempts.filter(({ signal }) => signal.aborted)
    const ghost = ended[which % ended.length]
    const before = this.events.length
    ghost?.message('from beyond', '666')
    ghost?.fail(refused())
    expect(this.events).toHaveLength(before)
  }

  #leave(): void {
    this.#end()
    this.#subscription?.unsubscribe()
  }

  #end(): void {
    this.ended = true
    this.#isRunning = false
  }

  #check(): void {
    if (this.#violation !== undefined) throw this.#violation
    expect(this.#server.live, 'attempts at a time').toBeLessThanOrEqual(1)
    if (!this.ended) return
    expect(this.#server.live, 'attempts after the end').toBe(0)
    expect(vi.getTimerCount(), 'timers after the end').toBe(0)
  }
}
