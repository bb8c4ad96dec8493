import { NEVER } from 'rxjs'
import {
  type AccumulateOptions,
  type FoldOptions,
  type ReconnectOptions,
  type Wire,
  type WireCallbacks,
  wireStore,
} from 'rxwire'
import { addFields, type CreateHost, type ReactiveHost, readInput } from './host.ts'

/** Options of a wire, before the overloads of an adapter's function give them their types. */
export type AnyOptions<T = never, D = unknown> = AccumulateOptions<T, D> &
  WireCallbacks<T> & {
    readonly enabled?: unknown
    readonly key?: unknown
    readonly lingerMs?: number | undefined
  }

/** What a store is created from. The same object is the same store. */
export interface StoreInput<T> {
  readonly wire: Wire<T> | null | undefined
  readonly key?: string | undefined
}

/** Adds the state of a wire and its controls to an object, as reactive values of a framework. */
export function addStore<T, D>(host: ReactiveHost, target: object, options: AnyOptions<T, D>) {
  const create = ({ wire, key }: StoreInput<T>) =>
    wireStore<T, D>(wire ?? NEVER, { ...options, key } as FoldOptions<T, D>)
  // Also validates the options. It is never subscribed.
  const idle = create({ wire: undefined })
  const setFields = addFields(host, target, idle.getServerSnapshot())
  let store = idle
  let last: StoreInput<T> | undefined
  const update = () => setFields(store.getSnapshot())
  Object.assign(target, {
    reconnect: (options?: ReconnectOptions) => store.reconnect(options),
    stop: () => store.stop(),
  })
  /** Opens the connection. Returns the function that closes it. */
  return (input: StoreInput<T>): (() => void) => {
    if (input !== last) store = input.wire ? create(input) : idle
    last = input
    // The type of a store's callbacks does not know that of the messages.
    const leave = store === idle ? () => {} : store.subscribe(update, options as WireCallbacks<never>)
    update()
    return leave
  }
}

/** Connects to the wire that `read` returns while the scope of the framework lasts, unless `enabled` is false. */
export function openStore<T, D, R extends object>(
  createHost: CreateHost,
  options: AnyOptions<T, D>,
  read: () => StoreInput<T>,
  result: R = {} as R,
): R {
  const host = createHost()
  const open = addStore(host, result, options)
  host.connect(() => (readInput(createHost, options.enabled) === false ? NONE : read()), open)
  return result
}

const NONE = { wire: undefined }
