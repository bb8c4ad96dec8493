import { type AllTypeArguments, type LastOptions, WireError, type WireSource } from 'rxwire'
import { useIsHydrated } from './base-hooks.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreResult, type WireResult } from './use-wire.ts'
import type { AnyView, FoldedView, KeptView, ViewOptions } from './view-options.ts'

/** Options of {@link useSuspenseWire}, except `initial`, `fold`, `keep` and `select`. */
export interface UseSuspenseWireOptions extends Omit<UseWireOptions, 'enabled' | 'key'> {
  /**
   * Identifies the connection, also for all components that share it. Required because React keeps no state of a
   * component that suspends: only the key finds its connection again.
   */
  readonly key: string
  /**
   * How long the component may suspend, in milliseconds. After that, a `WireError` of kind `timeout` is thrown. Default
   * 30,000.
   */
  readonly timeoutMs?: number | undefined
}

/**
 * {@link useWire} for React's Suspense. The component suspends until the first message, and then behaves as with
 * `useWire`. If the wire ends before its first message, or sends none within `timeoutMs`, the error is thrown in the
 * render, for an error boundary. A render at least 1 s later connects again. Later failures are thrown, too, unless
 * `throwOnError` says otherwise.
 *
 * The connection opens during the render. What happens before the component is mounted is not reported to its callbacks. If React discards that render, the connection closes 5 s after its first
 * message, or after `timeoutMs` without one. On a server the fallback is rendered, also by a build of Next.js, unless
 * `dehydrated` provides data.
 *
 * When a changed option takes effect:
 * - `key`, `restartOn`: at once.
 * - `fold`: with the next message.
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `select`, `isEqual`, `throwOnError`: in the same render.
 * - `timeoutMs`: when the component suspends again.
 * - `initial`, `keep`, `lingerMs`, `publishEveryMs`: when another connection opens, because of one of the first group.
 *
 * @param source A function that returns the wire, or a wire created outside the component.
 * @param options `key`; how messages become data: `initial` and `fold`, or `keep`, or neither for the last message;
 *   `select`; `timeoutMs` (default 30,000), `restartOn`, `lingerMs` and `publishEveryMs` (default 0), `throwOnError`
 *   (default `true`), `dehydrated`.
 * @throws TypeError if an option is invalid.
 * @throws WireError if the wire fails; of kind `closed` if it ends before its first message; of kind `timeout` if there
 *   is no message within `timeoutMs`; of kind `network` on a server without `dehydrated`.
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
export function useSuspenseWire<T, S = T>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & LastOptions & ViewOptions<T, S>,
): WireResult<S>
export function useSuspenseWire<T, S = T[]>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & KeptView<T, S>,
): WireResult<S>
export function useSuspenseWire<T, D = AllTypeArguments, S = D>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & FoldedView<T, D, S>,
): WireResult<S>
export function useSuspenseWire<T, D, S>(
  source: WireSource<T>,
  options: UseSuspenseWireOptions & AnyView<T, D, S>,
): WireResult<S> {
  const { key, timeoutMs, throwOnError = true } = options
  if (typeof key !== 'string' || key === '') throw new TypeError('key must be a non-empty string')
  const store = useStore(source, options)
  const isHydrated = useIsHydrated()
  // Also during hydration, if a connection with this key is open: the server rendered the fallback.
  if (!isHydrated && options.dehydrated === undefined) throw serverRenderError(key)
  if (!store.isLoaded()) suspend(store.load({ timeoutMs }))
  return useStoreResult(store, { ...options, throwOnError })
}

const failures = new WeakMap<Promise<void>, { readonly error: unknown }>()

/** Suspends like `use` of React 19. React 18 renders again when the promise settles, without rethrowing a rejection. */
function suspend(loading: Promise<void>): never {
  const failure = failures.get(loading)
  if (failure !== undefined) throw failure.error
  loading.catch((error: unknown) => failures.set(loading, { error }))
  throw loading
}

// Next.js renders on the client what throws an error with this digest, instead of failing the build of a static page.
const CLIENT_SIDE = { digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING' }

function serverRenderError(key: string): WireError {
  const message = `The wire "${key}" does not connect during server rendering, so the Suspense fallback is rendered. To render data on the server, pass \`dehydrated\`.`
  return Object.assign(new WireError('network', message), CLIENT_SIDE)
}
