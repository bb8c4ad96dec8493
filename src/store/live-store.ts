import { defer, Subscriber, type Subscription, tap } from 'rxjs'
import type { Accumulator } from '../accumulate.ts'
import { isWireError, messageOf, WireError } from '../errors.ts'
import { onNextFrame } from '../platform/animation-frame.ts'
import { after, now } from '../platform/clock.ts'
import { completedState, failedState, pausedState, reduceWire, type WireState } from '../state.ts'
import type { Wire, WireEvent } from '../wire.ts'
import { firstData } from './first-data.ts'
import { Listeners } from './listeners.ts'

/**
 * A wire, or a function that makes one. The function form can take up again where an earlier wire of the same
 * store ended: it is given that wire's cursor.
 */
export type WireSource<T> = Wire<T> | ((start: { readonly resumeFrom: string | undefined }) => Wire<T>)

/** What a live store is made of. */
export interface LiveStoreParts<T, D> {
  readonly source: WireSource<T>
  readonly folding: Accumulator<T, unknown, D>
  /** The state before anything has happened. */
  readonly idle: WireState<D>
  /** Whether that has data already, from a server that rendered it. */
  readonly isLoaded: boolean
  readonly lingerMs: number
}

const liveStores = new Map<unknown, LiveStore<never, unknown>>()

/** What stands behind all stores of one key. It is found by its key while somebody listens, and a linger longer. */
export class LiveStore<T, D> {
  snapshot: WireState<D>
  /** Whether the snapshot shows more than the initial data. */
  isLoaded: boolean

  readonly #key: unknown
  readonly #parts: LiveStoreParts<T, D>
  readonly #listeners = new Listeners<[isOverloaded: boolean]>()

  /** As it is now; the snapshot follows with the next frame. */
  state: WireState<unknown>
  #hasData: boolean
  #shown: { readonly data: unknown; readonly view: D }
  #connection: Subscription | undefined
  #loading: Promise<void> | undefined
  #cancelFrame: (() => void) | undefined
  #cancelLinger: (() => void) | undefined

  static of<T, D>(key: unknown): LiveStore<T, D> | undefined {
    return liveStores.get(key) as LiveStore<T, D> | undefined
  }

  constructor(key: unknown, parts: LiveStoreParts<T, D>) {
    const { idle, folding, isLoaded } = parts
    this.#key = key
    this.#parts = parts
    this.snapshot = idle
    this.isLoaded = isLoaded
    this.#hasData = isLoaded
    const data = isLoaded ? folding.resume(idle.data) : folding.initial
    this.state = { ...idle, data }
    this.#shown = { data, view: idle.data }
  }

  subscribe(listener: (isOverloaded: boolean) => void): () => void {
    this.#cancelLinger?.()
    const leave = this.#listeners.add(listener)
    if (!this.#isLive) this.#open()
    return () => {
      if (leave()) this.#linger()
    }
  }

  /**
   * The same promise for all who wait at one time, and for another moment, for those who must ask it again. Whoever asks
   * later for what has failed means to try again.
   */
  load(timeoutMs: number): Promise<void> {
    if (this.#loading !== undefined) return this.#loading
    if (this.#isLive && this.state.connection === 'failed') this.#connect()
    const loading = firstData(this, timeoutMs, () => {
      if (this.#loading === loading) this.#loading = undefined
    })
    this.#loading = loading
    return loading
  }

  /** The data and the cursor that belongs to it, also if nobody has been shown them yet. */
  get current(): { readonly data: D; readonly cursor: string | undefined } {
    const { data, cursor } = this.state
    return { data: this.#view(data), cursor }
  }

  reconnect(): void {
    this.#connection?.unsubscribe()
    this.#loading = undefined
    this.#connect()
  }

  stop(): void {
    this.#connection?.unsubscribe()
    this.#publish({
      ...this.state,
      connection: 'closed',
      retryAt: undefined,
      close: { wasClean: true, reason: 'stopped' },
    })
  }

  get #isLive(): boolean {
    return LiveStore.of(this.#key) === this
  }

  #open(): void {
    liveStores.set(this.#key, this as unknown as LiveStore<never, unknown>)
    // What the other side, or a person, has ended stays so for those who come back.
    if (this.state.connection !== 'closed') this.#connect()
  }

  #connect(): void {
    const { source } = this.#parts
    const { cursor, connection } = this.state
    // A wire of the user's own may not say so, and nobody should take the end of the last one for the end of this one.
    if (connection === 'closed' || connection === 'failed') this.#take({ type: 'connecting', attempt: 0 })
    // Deferred, so that a source that throws is a wire that fails.
    const wire = typeof source === 'function' ? defer(() => source({ resumeFrom: cursor })) : source
    // A Subscriber, not an observer: it exists before the wire emits, so a stop in the midst of `connecting` ends it.
    const running = new Subscriber<WireEvent<T>>({
      next: () => {},
      // Also what the fold throws: then the data is not to be trusted, and the wire ends.
      error: (error: unknown) => {
        this.#publish(failedState(this.state, asWireError(error)))
        this.#linger()
      },
      complete: () => this.#publish(completedState(this.state)),
    })
    this.#connection = running
    wire.pipe(tap((event) => this.#take(event))).subscribe(running)
  }

  #take(event: WireEvent<T>): void {
    const state = reduceWire(this.state, event, this.#parts.folding.fold, now)
    this.#hasData ||= event.type === 'message'
    this.#publish(state)
  }

  /** Every event reaches the state at once; listeners hear of all that happened within a frame together. */
  #publish(state: WireState<unknown>): void {
    this.state = state
    this.#cancelFrame ??= onNextFrame((isOverloaded) => {
      this.#cancelFrame = undefined
      this.#show()
      this.#listeners.tell(isOverloaded)
    })
  }

  #show(): void {
    this.snapshot = { ...this.state, data: this.#view(this.state.data) }
    this.isLoaded = this.#hasData
  }

  /** The same data is shown as the same object, whatever else has changed. */
  #view(data: unknown): D {
    if (data !== this.#shown.data) this.#shown = { data, view: this.#parts.folding.view(data) }
    return this.#shown.view
  }

  /** Waits for whoever comes next. What has failed does not wait: whoever comes next means to try again. */
  #linger(): void {
    if (this.#listeners.size > 0) return
    this.#cancelLinger?.()
    const lingerMs = this.state.connection === 'failed' ? 0 : this.#parts.lingerMs
    this.#cancelLinger = after(lingerMs, () => this.#release())
  }

  /** What has come stays with the stores that still hold this one, and so does the cursor to go on from. */
  #release(): void {
    liveStores.delete(this.#key)
    this.#connection?.unsubscribe()
    this.#cancelFrame?.()
    this.#cancelFrame = undefined
    this.state = pausedState(this.state)
    this.#show()
  }
}

function asWireError(error: unknown): WireError {
  if (isWireError(error)) return error
  return new WireError('network', `The wire failed with an error that is not its own: ${messageOf(error)}`, {
    cause: error,
  })
}
