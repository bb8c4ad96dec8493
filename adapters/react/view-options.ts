import type { AccumulateOptions, DehydratedWire, FoldOptions, KeepOptions, LastOptions, WireCallbacks } from 'rxwire'

/** Options that select the part of the data that a component renders. */
export interface SelectOptions<D, S> {
  /**
   * Selects the part of the data that the component renders. The component renders again only when the result changes.
   * Must be pure; may be written inline. Default: all of the data.
   */
  readonly select?: ((data: NoInfer<D>) => S) | undefined
  /** Whether two results of `select` are equal. Equal results keep their identity. Default `Object.is`. */
  readonly isEqual?: ((previous: NoInfer<S>, next: NoInfer<S>) => boolean) | undefined
}

/** Options that select what a component renders, and restore what a server rendered. */
export interface ViewOptions<D, S> extends SelectOptions<D, S> {
  /**
   * The result of `store.dehydrate()` on a server. The component renders it on the server and in the browser, and the
   * connection resumes from its cursor. Default: none, the component starts with the initial data.
   */
  readonly dehydrated?: DehydratedWire<D> | undefined
}

/** Folds messages `T` into data `D`, and selects `S` of it. */
export type FoldedView<T, D, S> = FoldOptions<T, D> & ViewOptions<NoInfer<D>, S> & WireCallbacks<NoInfer<T>>

/** Keeps the last messages in an array, and selects `S` of it. */
export type KeptView<T, S> = KeepOptions & ViewOptions<T[], S> & WireCallbacks<NoInfer<T>>

/** Keeps the last message, and selects `S` of it. */
export type LastView<T, S> = LastOptions & ViewOptions<T | undefined, S> & WireCallbacks<NoInfer<T>>

/** Any of the three views. The overloads of each hook check that the options match. */
export type AnyView<T, D, S> = AccumulateOptions<T, D> & ViewOptions<D, S> & WireCallbacks<T>
