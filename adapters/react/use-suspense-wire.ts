'use client'

import { WireError, type WireSource } from 'rxwire'
import { useIsHydrated } from './base-hooks.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreResult, type WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, ViewOptions } from './view-options.ts'

/** Options of {@link useSuspenseWire}, beside those of how messages become data. */
export interface UseSuspenseWireOptions extends Omit<UseWireOptions, 'enabled' | 'key'> {
  /**
   * What the connection is known by, here and in all components that share it. Without one, a component that suspends
   * would not find its connection again: React keeps nothing of it.
   */
  readonly key: string
  /** How long it may suspend, in milliseconds; then it fails with a `WireError` of kind `timeout`. Default 30,000. */
  readonly timeoutMs?: number | undefined
}

/**
 * {@link useWire} for React's Suspense: the component waits for the first message, and then goes on as the others do.
 * It never waits for ever: what ends the wire before that, and a limit of time, are thrown in the render, for an error
 * boundary; rendered again a second later, it tries again. So is a later failure, unless `throwOnError` says otherwise.
 *
 * The connection is opened while rendering, and let go after 5 s if React has thrown the render away. On a server it
 * shows the fallback, unless it is given what was `dehydrated` there.
 *
 * @param source A function that makes the wire, or a wire made outside of the component.
 * @param options `key`; how messages become data: `initial` and `fold`, or `keep`, or neither for the last message; and
 *   `select`.
 * @throws TypeError if an option makes no sense.
 * @throws WireError what ended the wire; of kind `closed` if it ended before its first message; of kind `timeout` if
 *   none came in time.
 *
 * @example
 * ```tsx
 * import { Suspense } from 'react'
 * import { fromEventSource } from 'rxwire'
 * import { useSuspenseWire } from 'rxwire/react'
 *
 * function Price() {
 *   const { data } = useSuspenseWire(() => fromEventSource('/price', { decode: Number }), { key: 'price' })
 *   return <output>{data.toFixed(2)}</output>
 * }
 *
 * export function App() {
 *   return <Suspense fallback="…"><Price /></Suspense>
 * }
 * ```
 */
export function useSuspenseWire<T, D, S = D>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & FoldedView<T, D, S>,
): WireResult<S>
export function useSuspenseWire<T, S = T[]>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & KeptView<T, S>,
): WireResult<S>
export function useSuspenseWire<T, S = T>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & ViewOptions<T, S>,
): WireResult<S>
export function useSuspenseWire<T, D, S>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & AnyView<T, D, S>,
): WireResult<S> {
  const { key, timeoutMs, throwOnError = true } = options
  if (typeof key !== 'string' || key === '') throw new TypeError('key must be a text that is not empty')
  const store = useStore(source, options)
  const isHydrated = useIsHydrated()
  // What is open under the key already is nothing that a server shows.
  if (!isHydrated && options.dehydrated === undefined) throw unrendered(key)
  if (!store.isLoaded()) suspend(store.load({ timeoutMs }))
  return useStoreResult(store, { ...options, throwOnError })
}

const failures = new WeakMap<Promise<void>, { readonly error: unknown }>()

/** What React 19 does with `use`: React 18 renders again when a promise is settled, and does not ask how. */
function suspend(loading: Promise<void>): never {
  const failure = failures.get(loading)
  if (failure !== undefined) throw failure.error
  loading.catch((error: unknown) => failures.set(loading, { error }))
  throw loading
}

function unrendered(key: string): WireError {
  const message = `The wire "${key}" is not connected while a server renders, so its fallback is shown there. To show its data, give what the server has as \`dehydrated\`.`
  return new WireError('network', message)
}
