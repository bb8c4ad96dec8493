import { defer, Subject, Subscriber, type Subscription, tap } from 'rxjs'
import type { Accumulator } from '../accumulate.ts'
import { isWireError, messageOf, WireError } from '../errors.ts'
import { withMemory } from '../operators/with-memory.ts'
import { onNextFrame } from '../platform/animation-frame.ts'
import { after, now, wallClock } from '../platform/clock.ts'
import { completedState, failedState, pausedState, reduceWire, type WireState } from '../state.ts'
import type { Wire, WireEvent } from '../wire.ts'
import { WireMemory } from '../wire-memory.ts'
import { waitForFirstData } from './first-data.ts'
import { callBack, type WireCallbacks } from './wire-callbacks.ts'

/**
 * A wire, or a function that returns one. Both resume where the store's previous connection stopped. The function
 * receives that resume point, for wires that are not transports, and for a URL that depends on it.
 */
export type WireSource<T> = Wire<T> | ((start: { readonly resumeFrom: string | undefined }) => Wire<T>)

/** Options of a {@link LiveStore}. */
export interface LiveStoreOptions<T, D> {
  readonly source: WireSource<T>
  readonly accumulator: Accumulator<T, unknown, D>
  /** The state before the first event. */
  readonly idle: WireState<D>
  /** Whether that state has data from a server that rendered it. */
  readonly isLoaded: boolean
  readonly lingerMs: number
  readonly publishEveryMs: number
}

const liveStores = new Map<unknown, LiveStore<never, unknown>>()

/** The connection and state behind all stores of one key. Registered until `lingerMs` after its last listener. */
export class LiveStore<T, D> {
  snapshot: WireState<D>
  /** Whether the snapshot has more than the initial data. */
  isLoaded: boolean

  readonly #key: unknown
  readonly #options: LiveStoreOptions<T, D>
  readonly #changes = new Subject<boolean>()
  /** The events of the wire as they happen, and the failure that ends it. */
  readonly #events = new Subject<WireEvent<T> | WireError>()
  readonly #memory: WireMemory

  /** The current state. The snapshot follows in the next animation frame. */
  state: WireState<unknown>
  #hasData: boolean
  #lastView: { readonly data: unknown; readonly view: D }
  #connection: Subscription | undefined
  #loading: Promise<void> | undefined
  #cancelPublish: (() => void) | undefined
  /** Whether it waits for `publishEveryMs` until it publishes, and not for a frame. */
  #isPausing = false
  #publishedAtMs = 0
  #cancelLinger: (() => void) | undefined

  static of<T, D>(key: unknown): LiveStore<T, D> | undefined {
    return liveStores.get(key) as LiveStore<T, D> | undefined
  }

  constructor(key: unknown, options: LiveStoreOptions<T, D>) {
    const { idle, accumulator, isLoaded } = options
    this.#key = key
    this.#options = options
    this.snapshot = idle
    this.isLoaded = isLoaded
    this.#hasData = isLoaded
    this.#memory = new WireMemory({ resumeFrom: idle.cursor })
    const data = isLoaded ? accumulator.resume(idle.data) : accumulator.initial
    this.state = { ...idle, data }
    this.#lastView = { data, view: idle.data }
  }

  subscribe(listener: (isOverloaded: boolean) => void, callbacks?: WireCallbacks<never>): () => void {
    this.#cancelLinger?.()
    const subscription = this.#changes.subscribe((isOverloaded) => listener(isOverloaded))
    if (callbacks !== undefined) {
      // A store does not know the type of its messages. Its callers check that the callbacks match.
      subscription.add(this.#events.subscribe((event) => callBack(callbacks as WireCallbacks<T>, event)))
    }
    if (!this.#isLive) this.#open()
    return () => {
      if (subscription.closed) return
      subscription.unsubscribe()
      this.#linger()
    }
  }

  /**
   * Returns the same promise to all callers until it has settled, and for a short time afterwards, because React calls
   * it again when it renders. A later call after a failure retries.
   */
  load(timeoutMs: number): Promise<void> {
    if (this.#loading !== undefined) return this.#loading
    if (this.#isLive && this.state.connection === 'failed') this.#connect()
    const loading = waitForFirstData(this, timeoutMs, () => {
      if (this.#loading === loading) this.#loading = undefined
    })
    this.#loading = loading
    return loading
  }

  /** The current data and its cursor, which listeners may not have received yet. */
  get current(): { readonly data: D; readonly cursor: string | undefined } {
    const { data, cursor } = this.state
    return { data: this.#view(data), cursor }
  }

  reconnect(mayRepeat: boolean): void {
    if (mayRepeat) this.#memory.allowRepeat()
    this.#connection?.unsubscribe()
    this.#loading = undefined
    this.#connect()
  }

  stop(): void {
    this.#connection?.unsubscribe()
    const close = { wasClean: true, reason: 'stopped' }
    const hasEnded = this.#hasEnded
    this.#publish({ ...this.state, connection: 'closed', retryAt: undefined, parked: undefined, close })
    if (!hasEnded) this.#events.next({ type: 'close', ...close })
  }

  get #isLive(): boolean {
    return LiveStore.of(this.#key) === this
  }

  get #hasEnded(): boolean {
    return this.state.connection === 'closed' || this.state.connection === 'failed'
  }

  #open(): void {
    liveStores.set(this.#key, this as unknown as LiveStore<never, unknown>)
    // A wire that the server or the user has ended stays closed for later listeners.
    if (this.state.connection !== 'closed') this.#connect()
  }

  #connect(): void {
    const { source } = this.#options
    const { cursor } = this.state
    // A custom wire may not emit `connecting`. The end of the previous wire must not look like the end of this one.
    if (this.#hasEnded) this.#onEvent({ type: 'connecting', attempt: 0 })
    // Deferred, so that an error that the source throws fails the wire.
    const memory = withMemory<T>(this.#memory)
    const wire = defer(() => memory(typeof source === 'function' ? source({ resumeFrom: cursor }) : source))
    // A Subscriber, not an observer: it exists before the wire emits, so that `stop` during `connecting` closes it.
    const running = new Subscriber<WireEvent<T>>({
      next: () => {},
      // Also an error of the fold: the data is no longer valid, so the wire ends.
      error: (error: unknown) => {
        const failure = asWireError(error)
        this.#publish(failedState(this.state, failure))
        this.#linger()
        this.#events.next(failure)
      },
      complete: () => {
        const hasClosed = this.state.connection === 'closed'
        this.#publish(completedState(this.state))
        if (!hasClosed) this.#events.next({ type: 'close', wasClean: true })
      },
    })
    this.#connection = running
    wire.pipe(tap((event) => this.#onEvent(event))).subscribe(running)
  }

  #onEvent(event: WireEvent<T>): void {
    // A wait that is paused or cut short is reported again, with the same cause.
    const isKnown = event.type === 'waiting' && this.state.connection === 'waiting' && event.cause === this.state.error
    const isSettled = this.#hasData && this.state.connection === 'open' && this.state.error === undefined
    const state = this.#reduce(event)
    // The first message and every change of the connection are published in the next frame.
    const mayWait = isSettled && (event.type === 'message' || event.type === 'progress')
    this.#hasData ||= event.type === 'message'
    this.#publish(state, mayWait)
    if (!isKnown) this.#events.next(event)
  }

  #reduce(event: WireEvent<T>): WireState<unknown> {
    const { fold, initial } = this.#options.accumulator
    try {
      return reduceWire(this.state, event, fold, initial, wallClock)
    } catch (error) {
      // [law] 12: a message that could not be folded is not settled.
      const messageId = event.type === 'message' ? event.id : undefined
      if (messageId !== undefined) this.#memory.unsettle(messageId)
      throw asWireError(error, messageId)
    }
  }

  /**
   * Updates the state at once, and notifies the listeners once per animation frame.
   *
   * @param mayWait Whether it may wait until `publishEveryMs` have passed since the last time.
   */
  #publish(state: WireState<unknown>, mayWait = false): void {
    this.state = state
    if (this.#cancelPublish !== undefined && (mayWait || !this.#isPausing)) return
    this.#cancelPublish?.()
    const waitMs = mayWait ? this.#publishedAtMs + this.#options.publishEveryMs - now() : 0
    this.#isPausing = waitMs > 0
    const publish = (isOverloaded: boolean) => {
      this.#cancelPublish = undefined
      this.#publishedAtMs = now()
      this.#updateSnapshot()
      this.#changes.next(isOverloaded)
    }
    const inFrame = () => {
      this.#cancelPublish = onNextFrame(publish)
    }
    if (this.#isPausing) this.#cancelPublish = after(waitMs, inFrame)
    else inFrame()
  }

  #updateSnapshot(): void {
    this.snapshot = { ...this.state, data: this.#view(this.state.data) }
    this.isLoaded = this.#hasData
  }

  /** Returns the same object as long as the data is the same. */
  #view(data: unknown): D {
    if (data !== this.#lastView.data) this.#lastView = { data, view: this.#options.accumulator.view(data) }
    return this.#lastView.view
  }

  /** Keeps the connection for `lingerMs` after the last listener. A failed connection is released at once. */
  #linger(): void {
    if (this.#changes.observed) return
    this.#cancelLinger?.()
    const lingerMs = this.state.connection === 'failed' ? 0 : this.#options.lingerMs
    this.#cancelLinger = after(lingerMs, () => this.#release())
  }

  /** Closes the connection. The stores that hold this object keep its data and its cursor. */
  #release(): void {
    liveStores.delete(this.#key)
    this.#connection?.unsubscribe()
    this.#cancelPublish?.()
    this.#cancelPublish = undefined
    this.state = pausedState(this.state)
    this.#updateSnapshot()
  }
}

function asWireError(error: unknown, messageId?: string): WireError {
  if (isWireError(error)) return error
  return new WireError('network', `The wire failed with an error that is not a WireError: ${messageOf(error)}`, {
    cause: error,
    messageId,
  })
}
