import { Subject, type Subscription } from 'rxjs'
import {
  type Attempt,
  isWireError,
  type ReconnectingOptions,
  reconnecting,
  type WireError,
  type WireEvent,
  type WireWaiting,
} from 'rxwire'
import { expect, vi } from 'vitest'
import { HandMadeServer, lost, refused, unauthorized } from './attempts.ts'
import { type StubbedPage, stubPage } from './page.ts'

/** One step of a walk. */
export type Step =
  | { readonly kind: 'open' | 'message without id' | 'refuse' | 'complete' | 'offline' | 'online' | 'now' | 'leave' }
  | { readonly kind: 'hidden' | 'shown' | 'frozen' | 'resumed' | 'stored' | 'restored' }
  /** The machine sleeps and wakes, and the page is shown before any timer runs. */
  | { readonly kind: 'sleep' }
  | { readonly kind: 'message'; readonly id: string }
  | { readonly kind: 'lose'; readonly retryAfterMs: number | undefined }
  /** The server refuses the credentials. */
  | { readonly kind: 'expire' }
  /** Calls of the attempt that emit no event: moving the cursor, a retry floor, marking it unrepeatable. */
  | { readonly kind: 'resume'; readonly id: string }
  | { readonly kind: 'patience'; readonly ms: number }
  | { readonly kind: 'keep' }
  | { readonly kind: 'pass'; readonly ms: number }
  /** A finished attempt still makes calls. */
  | { readonly kind: 'ghost'; readonly which: number }
  /** The subscriber calls something during the next event of a type. */
  | { readonly kind: 'arm'; readonly on: 'waiting' | 'connecting'; readonly what: 'now' | 'leave' }

/** A session and a simple model of the engine. Each event is compared with the model. */
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
  /** Whether a liveness check runs. A failure during the check is not counted. */
  #isDoubted = false
  #isKept = false
  /** Whether fresh credentials were requested without proof of service since then. */
  #hasAskedAnew = false
  /** The retry floor that the server asked for, and when it ends. */
  #patienceMs = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY
  /** No attempt may start before this time unless the caller reconnects. */
  #waitsUntilMs = Number.NEGATIVE_INFINITY
  #cursor: string | undefined
  /** Whether the attempt has moved the resume point. */
  #hasMoved = false
  /** `unseen` for a timeout while offline, whose error no event has carried yet. */
  #cause: WireError | 'unseen' | undefined

  constructor(policy: ReconnectingOptions) {
    this.#policy = policy
    // The engine turns an error thrown here into a failed attempt, so a failed expectation is kept for the check.
    const connect = (attempt: Attempt<string>) => {
      try {
        expect(this.#server.live, 'concurrent attempts').toBe(0)
        expect(attempt).toMatchObject({ attempt: this.#failures, cursor: this.#cursor })
      } catch (error) {
        this.#violation ??= error
      }
      return this.#server.connect(attempt)
    }
    this.#subscription = reconnecting(connect, { ...policy, reconnectNow: this.#now }).subscribe({
      // RxJS reports an error that is thrown here later, when another walk is running.
      next: (event) => {
        try {
          this.#onEvent(event)
        } catch (error) {
          this.#violation ??= error
        }
      },
      error: (error: unknown) => {
        this.#violation ??= isWireError(error) ? undefined : error
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
        // The page is shown first, and a subscriber may have started an attempt during that event.
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

  /** Expects the engine to make an attempt without further signals and to release everything on unsubscribe. */
  settle(): void {
    this.#armed = undefined
    this.#page.show()
    // Longer than a wait and the paused wait after it.
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
      this.#openedAtMs = performance.now()
      attempt.open()
    } else if (step.kind === 'message' || step.kind === 'message without id') {
      this.#isDoubted = false
      this.#openedAtMs ??= performance.now()
      this.#delivered = true
      const id = step.kind === 'message' ? step.id : undefined
      // An empty id forgets the resume point.
      if (id === '') this.#cursor = undefined
      else if (id !== undefined) this.#moveTo(id)
      attempt.message('a', id)
    } else if (step.kind === 'complete') {
      attempt.close({ wasClean: true })
      expect(this.ended).toBe(true)
    } else if (step.kind === 'lose') {
      this.#lose(lost({ retryAfterMs: step.retryAfterMs }))
    } else if (step.kind === 'expire') {
      this.#expire()
    } else if (step.kind === 'resume') {
      // A new resume point counts as much as a message.
      if (step.id !== this.#cursor && step.id !== undefined && step.id !== '') this.#delivered = true
      if (step.id === undefined) this.#cursor = undefined
      else if (step.id !== '') this.#moveTo(step.id)
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

  #moveTo(id: string): void {
    this.#hasMoved ||= id !== this.#cursor
    this.#cursor = id
  }

  /** Repeated failures while offline and failures during a liveness check are not counted. */
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
    const openForMs = performance.now() - (this.#openedAtMs ?? Number.POSITIVE_INFINITY)
    if (!this.#hasMoved && (openForMs < 1_000 || (openForMs < 5_000 && !this.#delivered))) return
    this.#failures = 0
    this.#hasAskedAnew = false
  }

  /** The engine asks for fresh credentials once. */
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

  /** The retry floor of the server holds even if the wait is shortened or paused. */
  #leaveAlone({ retryAfterMs = 0 }: { readonly retryAfterMs?: number | undefined } = {}): void {
    this.#notBeforeMs = performance.now() + Math.max(this.#patienceMs, retryAfterMs)
  }

  #onEvent(event: WireEvent<string>): void {
    expect(this.ended, 'an event after the end').toBe(false)
    this.events.push(event)
    if (event.type === 'connecting') {
      expect(this.#mayConnect, 'waiting or reconnectNow before each attempt').toBe(true)
      expect(event.attempt).toBe(this.#failures)
      // Timers round to whole milliseconds.
      expect(performance.now(), 'connecting after the end of the wait').toBeGreaterThan(this.#waitsUntilMs - 2)
      this.#mayConnect = false
      this.#isRunning = true
      this.#openedAtMs = undefined
      this.#delivered = false
      this.#hasMoved = false
      this.#isDoubted = false
      this.#isKept = false
    } else if (event.type === 'waiting') {
      if (this.#isRunning) this.#noticeTimeout(event.cause)
      if (this.#cause === 'unseen' && typeof event.cause !== 'string') this.#cause = event.cause
      expect(this.#server.live).toBe(0)
      expect(event.attempt).toBe(this.#failures)
      expect(event.delayMs).toBeGreaterThanOrEqual(Math.max(0, this.#notBeforeMs - performance.now()))
      expect(event.delayMs).toBeLessThanOrEqual(75_000)
      expect(['offline', 'hidden', this.#cause]).toContain(event.cause)
      this.#waitsUntilMs = performance.now() + event.delayMs
      this.#mayConnect = true
    }
    const { type } = event
    if (this.#armed?.on !== type) return
    const { what } = this.#armed
    this.#armed = undefined
    if (what === 'now') this.#hurry()
    else this.#leave()
  }

  /** A timeout is the only failure that the walk does not cause itself. */
  #noticeTimeout(cause: WireWaiting['cause']): void {
    this.#resetIfHealthy()
    if (!this.#isDoubted || this.#isKept) {
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
    this.#waitsUntilMs = Number.NEGATIVE_INFINITY
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
    expect(this.#server.live, 'concurrent attempts').toBeLessThanOrEqual(1)
    if (!this.ended) return
    expect(this.#server.live, 'attempts after the end').toBe(0)
    expect(vi.getTimerCount(), 'timers after the end').toBe(0)
  }
}
