import type { DehydratedWire, FoldOptions, KeepOptions } from 'rxwire'

/** What of the data a component shows. */
export interface SelectOptions<D, S> {
  /**
   * What the component shows of the data: it renders again only when this has changed. Pure; may be written inline.
   * Default: all of it.
   */
  readonly select?: ((data: D) => S) | undefined
  /** When what is selected counts as unchanged, in which case it stays the same object. Default `Object.is`. */
  readonly isEqual?: ((shown: S, next: S) => boolean) | undefined
}

/** What a component shows of the data, and what a server has shown of it already. */
export interface ViewOptions<D, S> extends SelectOptions<D, S> {
  /**
   * What `store.dehydrate()` gave on a server: the component renders it there and in the browser, and the connection
   * goes on from its cursor. Default: the initial data.
   */
  readonly dehydrated?: DehydratedWire<D> | undefined
}

/** Messages `T` folded into data `D`, of which `S` is shown. */
export type FoldedView<T, D, S> = FoldOptions<T, D> & ViewOptions<NoInfer<D>, S>

/** The last messages in an array, of which `S` is shown. */
export type KeptView<T, S> = KeepOptions & ViewOptions<T[], S>

/** The last message, of which `S` is shown. */
export type LastView<T, S> = ViewOptions<T | undefined, S>

/** Any of the three: the overloads of a hook see to it that what is given fits together. */
export type AnyView<T, D, S> = Partial<FoldOptions<T, D> & KeepOptions> & ViewOptions<D, S>
