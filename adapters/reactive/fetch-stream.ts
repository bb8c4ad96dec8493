import type { AllTypeArguments, FoldOptions, KeepOptions, LastOptions, Wire, WireCallbacks } from 'rxwire'
import type { CreateHost } from './host.ts'
import { type AnyOptions, addStore } from './reactive-store.ts'
import type { ReactiveTypes, ReactiveWire } from './types.ts'

/** The state of a wire that connects on demand. */
export interface ReactiveStream<F extends ReactiveTypes, A extends readonly unknown[], D>
  extends Omit<ReactiveWire<F, D>, 'reconnect'> {
  /** Connects with these arguments. A connection that is still open is aborted, and `data` starts over. */
  readonly start: (...args: A) => void
}

/** Options of every function of an adapter that connects on demand. */
export interface StreamOptions {
  /** How long a connection stays open after its component is gone, in milliseconds. Default 0. */
  readonly lingerMs?: number | undefined
}

/** The function of an adapter that connects on demand. */
export interface OpenFetchStream<F extends ReactiveTypes> {
  /** Keeps the last message. */
  <A extends readonly unknown[], T>(
    connect: (...args: A) => Wire<T>,
    options?: StreamOptions & LastOptions & WireCallbacks<NoInfer<T>>,
  ): ReactiveStream<F, A, T | undefined>
  /** Keeps the last messages in an array. */
  <A extends readonly unknown[], T>(
    connect: (...args: A) => Wire<T>,
    options: StreamOptions & KeepOptions & WireCallbacks<NoInfer<T>>,
  ): ReactiveStream<F, A, T[]>
  /** Folds each message into data. */
  <A extends readonly unknown[], T, D = AllTypeArguments>(
    connect: (...args: A) => Wire<T>,
    options: StreamOptions & FoldOptions<T, D> & WireCallbacks<NoInfer<T>>,
  ): ReactiveStream<F, A, D>
}

/**
 * Creates the function of an adapter that connects on demand, such as `useFetchStream` of `rxwire/vue`.
 *
 * @param createHost What the adapter knows about its framework.
 */
export function defineFetchStream<F extends ReactiveTypes>(createHost: CreateHost): OpenFetchStream<F> {
  const create = (connect: (...args: unknown[]) => Wire<never>, options: AnyOptions = {}) => {
    const host = createHost()
    let leave = () => {}
    const start = (...args: unknown[]) => {
      leave()
      leave = open({ wire: connect(...args) })
    }
    const result = { start }
    const open = addStore(host, result, options)
    // The end of the scope aborts the last connection. Its start opens none.
    host.connect(
      () => undefined,
      () => () => leave(),
    )
    return result
  }
  return create as unknown as OpenFetchStream<F>
}
