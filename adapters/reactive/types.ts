import type {
  DehydratedWire,
  FoldOptions,
  KeepOptions,
  LastOptions,
  Wire,
  WireCallbacks,
  WireState,
  WireStore,
} from 'rxwire'

/**
 * The reactive types of a framework, as functions of `of`. TypeScript has no type parameters that take arguments of their
 * own, so an adapter writes an interface:
 *
 * ```ts
 * import type { MaybeRefOrGetter, ShallowRef } from 'vue'
 * import type { ReactiveTypes } from 'rxwire/reactive'
 *
 * export interface VueTypes extends ReactiveTypes {
 *   readonly input: MaybeRefOrGetter<this['of']>
 *   readonly output: Readonly<ShallowRef<this['of']>>
 * }
 * ```
 */
export interface ReactiveTypes {
  /** The type of the value. */
  readonly of: unknown
  /** An argument that may be reactive. */
  readonly input: unknown
  /** A reactive value that the adapter returns. */
  readonly output: unknown
}

/** A value or, where the framework has them, a reactive value: an argument of an adapter's function. */
export type InputOf<F extends ReactiveTypes, V> = (F & { readonly of: V })['input']

/** A reactive value of the framework. */
export type OutputOf<F extends ReactiveTypes, V> = (F & { readonly of: V })['output']

/** The fields of an object, each as a reactive value. */
export type ReactiveFields<F extends ReactiveTypes, O> = { readonly [N in keyof O]: OutputOf<F, O[N]> }

/** The state of a wire, each field a reactive value, and its controls. */
export interface ReactiveWire<F extends ReactiveTypes, D> extends ReactiveFields<F, WireState<D>> {
  /**
   * Connects again at once, from the last cursor. Allowed in every state, also after `stop` or a failure. `{ repeat: true
   * }` also sends a request again that is not safe to repeat.
   */
  readonly reconnect: WireStore<D>['reconnect']
  /** Closes the connection and keeps it closed until `reconnect`. */
  readonly stop: () => void
}

/** Options of every function of an adapter that connects at once. */
export interface ReactiveOptions<F extends ReactiveTypes, D> {
  /** `false` closes the connection, or keeps it closed, and sets the idle state. Default `true`. */
  readonly enabled?: InputOf<F, boolean> | undefined
  /**
   * Components with the same key share one connection and one state. The connection uses the options of the component
   * that opened it. Default: a connection of its own.
   */
  readonly key?: InputOf<F, string | undefined> | undefined
  /** How long the connection stays open after its last component is gone, in milliseconds. Default 0. */
  readonly lingerMs?: number | undefined
  /**
   * The result of `store.dehydrate()` on a server: the first data, instead of `initial`, and the cursor to resume from.
   * Default: none.
   */
  readonly dehydrated?: DehydratedWire<D> | undefined
}

/** Keeps the last message. */
export type LastWire<F extends ReactiveTypes, T> = ReactiveOptions<F, T | undefined> &
  LastOptions &
  WireCallbacks<NoInfer<T>>

/** Keeps the last messages in an array. */
export type KeptWire<F extends ReactiveTypes, T> = ReactiveOptions<F, T[]> & KeepOptions & WireCallbacks<NoInfer<T>>

/** Folds each message into data. */
export type FoldedWire<F extends ReactiveTypes, T, D> = ReactiveOptions<F, NoInfer<D>> &
  FoldOptions<T, D> &
  WireCallbacks<NoInfer<T>>

/** A wire, or none: then the state is idle. */
export type WireInput<F extends ReactiveTypes, T> = InputOf<F, Wire<T> | null | undefined>

/** A url, or none: then the state is idle. */
export type UrlInput<F extends ReactiveTypes> = InputOf<F, string | URL | null | undefined>
