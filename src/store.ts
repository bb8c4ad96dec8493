import { defer, isObservable, type Subscription, tap } from 'rxjs'
import { isWireError, messageOf, WireError } from './errors.ts'
import { type Folding, type FoldOptions, foldingOf, type KeepOptions } from './folding.ts'
import { Listeners } from './listeners.ts'
import { after, now } from './platform/clock.ts'
import { onNextFrame } from './platform/frame.ts'
import { completedState, failedState, idleState, reduceWire, type WireState } from './state.ts'
import { requireNonNegative } from './validate.ts'
import type { Wire } from './wire.ts'

/**
 * A wire, or a function that makes one. The function form can take up again where an earlier wire of the same
 * store ended: it is given that wire's cursor.
 */
export type WireSource<T> = Wire<T> | ((start: { readonly cursor: string | undefined }) => Wire<T>)

/** Options of {@link wireStore}. */
export interface WireStoreOptions {
  /**
   * Stores with the same key share one connection and one state; the options of the one that opened it hold.
   * Default: a connection of its own.
   */
  readonly key?: string | undefined
  /**
   * How long the connection outlives its last listener, in milliseconds. Default 0, one macrotask: enough for
   * listeners that leave and come back at once, as React's StrictMode makes them.
   */
  readonly lingerMs?: number | undefined
}

/** A wire's state for a UI to show: the shape that React's `useSyncExternalStore` takes, and other frameworks too. */
export interface WireStore<D> {
  /** The state as last published. The same object until something changes. */
  getSnapshot(): WireState<D>
  /** The idle state: nothing connects while a server renders. */
  getServerSnapshot(): WireState<D>
  /** Opens the connection with the first listener, and tells of changes at most once a frame. */
  subscribe(listener: () => void): () => void
  /**
   * Connects anew at once, from the last cursor: legal in every state while somebody listens, also after `stop`
   * or a failure.
   */
  reconnect(): void
  /** Closes the connection and keeps it closed, while somebody listens, until {@link WireStore.reconnect}. */
  stop(): void
}

const liveStores = new Map<unknown, LiveStore<never, unknown>>()

/**
 * Folds a wire into state that a UI can show. Inert until somebody listens.
 *
 * @throws TypeError if an option makes no sense.
 *
 * @example
 * ```ts
 * import { fromEventSource, wireStore } from 'rxwire'
 *
 * const store = wireStore(fromEventSource('/ticks'), { keep: 10 })
 * const unsubscribe = store.subscribe(() => console.info(store.getSnapshot().data))
 * ```
 */
export function wireStore<T, D>(source: WireSource<T>, options: WireStoreOptions & FoldOptions<T, D>): WireStore<D>
export function wireStore<T>(source: WireSource<T>, options: WireStoreOptions & KeepOptions): WireStore<T[]>
export function wireStore<T>(source: WireSource<T>, options?: WireStoreOptions): WireStore<T | undefined>
export function wireStore<T, D>(
  source: WireSource<T>,
  options: WireStoreOptions & Partial<FoldOptions<T, D> & KeepOptions> = {},
): WireStore<D> {
  requireNonNegative('lingerMs', options.lingerMs)
  if (!isObservable(source) && typeof source !== 'function') throw new TypeError('source must be a wire or a function')
  const folding = foldingOf<T, D>(options)
  const idle = idleState(folding.view(folding.initial))
  // Without a key of its own, a store shares with nobody: an object is equal to itself alone.
  const key: unknown = options.key ?? {}
  const live = () => liveStores.get(key) as LiveStore<T, D> | undefined
  return {
    getSnapshot: () => live()?.snapshot ?? idle,
    getServerSnapshot: () => idle,
    subscribe: (listener) => {
      const store = live() ?? new LiveStore(key, source, folding, idle, options.lingerMs ?? 0)
      return store.subscribe(listener)
    },
    reconnect: () => live()?.reconnect(),
    stop: () => live()?.stop(),
  }
}

/** What stands behind all stores of one key, while somebody listens. */
class LiveStore<T, D> {
  snapshot: WireState<D>

  readonly #key: unknown
  readonly #source: WireSource<T>
  readonly #folding: Folding<T, unknown, D>
  readonly #lingerMs: number
  readonly #listeners = new Listeners()

  #state: WireState<unknown>
  #shown: { readonly data: unknown; readonly view: D }
  #connection: Subscription | undefined
  #cancelFrame: (() => void) | undefined
  #cancelLinger: (() => void) | undefined

  constructor(
    key: unknown,
    source: WireSource<T>,
    folding: Folding<T, unknown, D>,
    idle: WireState<D>,
    lingerMs: number,
  ) {
    this.#key = key
    this.#source = source
    this.#folding = folding
    this.#lingerMs = lingerMs
    this.snapshot = idle
    this.#state = idleState(folding.initial)
    this.#shown = { data: folding.initial, view: idle.data }
  }

  subscribe(listener: () => void): () => void {
    this.#cancelLinger?.()
    const leave = this.#listeners.add(listener)
    if (liveStores.get(this.#key) !== (this as unknown)) {
      liveStores.set(this.#key, this as unknown as LiveStore<never, unknown>)
      this.#connect()
    }
    return () => {
      if (!leave() || this.#listeners.size > 0) return
      this.#cancelLinger = after(this.#lingerMs, () => this.#release())
    }
  }

  reconnect(): void {
    this.#connection?.unsubscribe()
    this.#connect()
  }

  stop(): void {
    this.#connection?.unsubscribe()
    this.#publish({
      ...this.#state,
      connection: 'closed',
      retryAt: undefined,
      close: { wasClean: true, reason: 'stopped' },
    })
  }

  #connect(): void {
    const source = this.#source
    const { cursor } = this.#state
    // Deferred, so that a source that throws is a wire that fails.
    const wire = typeof source === 'function' ? defer(() => source({ cursor })) : source
    const { fold } = this.#folding
    this.#connection = wire.pipe(tap((event) => this.#publish(reduceWire(this.#state, event, fold, now())))).subscribe({
      // Also what the fold throws: then the data is not to be trusted, and the wire ends.
      error: (error: unknown) => this.#publish(failedState(this.#state, asWireError(error))),
      complete: () => this.#publish(completedState(this.#state)),
    })
  }

  /** Every event reaches the state at once; listeners hear of all that happened within a frame together. */
  #publish(state: WireState<unknown>): void {
    this.#state = state
    this.#cancelFrame ??= onNextFrame(() => {
      this.#cancelFrame = undefined
      this.#show()
    })
  }

  #show(): void {
    const { data } = this.#state
    // The same data is shown as the same object, whatever else has changed.
    if (data !== this.#shown.data) this.#shown = { data, view: this.#folding.view(data) }
    this.snapshot = { ...this.#state, data: this.#shown.view }
    this.#listeners.tell()
  }

  #release(): void {
    liveStores.delete(this.#key)
    this.#connection?.unsubscribe()
    this.#cancelFrame?.()
  }
}

function asWireError(error: unknown): WireError {
  if (isWireError(error)) return error
  return new WireError('network', `The wire failed with an error that is not its own: ${messageOf(error)}`, {
    cause: error,
  })
}
