import type { AllTypeArguments, Wire } from 'rxwire'
import { type CreateHost, readInput } from './host.ts'
import { type AnyOptions, openStore } from './reactive-store.ts'
import type { FoldedWire, KeptWire, LastWire, ReactiveTypes, ReactiveWire, WireInput } from './types.ts'

/** The function of an adapter that connects to a wire. */
export interface OpenWire<F extends ReactiveTypes> {
  /** Keeps the last message. */
  <T>(source: WireInput<F, T>, options?: LastWire<F, T>): ReactiveWire<F, T | undefined>
  /** Keeps the last messages in an array. */
  <T>(source: WireInput<F, T>, options: KeptWire<F, T>): ReactiveWire<F, T[]>
  /** Folds each message into data. */
  <T, D = AllTypeArguments>(source: WireInput<F, T>, options: FoldedWire<F, T, D>): ReactiveWire<F, D>
}

/**
 * Creates the function of an adapter that connects to a wire, such as `useWire` of `rxwire/vue`.
 *
 * @param createHost What the adapter knows about its framework.
 */
export function defineWire<F extends ReactiveTypes>(createHost: CreateHost): OpenWire<F> {
  const open = (source: unknown, options: AnyOptions = {}) =>
    openStore(createHost, options, () => ({
      wire: readInput<Wire<never> | null | undefined>(createHost, source),
      key: readInput(createHost, options.key),
    }))
  return open as unknown as OpenWire<F>
}
