import { useMemo } from 'react'
import { NEVER } from 'rxjs'
import type { Provider, Wire, WireSource } from 'rxwire'
import { keyAt } from 'rxwire/reactive'
import { type Latest, useLatest } from './base-hooks.ts'
import { liveCallbacks } from './live-options.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreResult, type WireResult } from './use-wire.ts'
import type { AnyView } from './view-options.ts'

export { addressOf, keyAt, requestPart, toKeyPart } from 'rxwire/reactive'

/** Options of the hooks that open a connection to a url. */
export type UrlHookOptions = Omit<UseWireOptions, 'restartOn'>

/**
 * The url of a hook: a value, or a function that returns it for each attempt. While it is `null` or `undefined`, it is not
 * known yet, and the hook is idle.
 */
export type HookUrl = Provider<string | URL> | null | undefined

/** The transport of a hook that opens a connection to a url. */
export interface UrlTransport<T, O> {
  /** Returns the wire. It is also called in the render to validate the options, without being subscribed. */
  readonly connect: (url: Provider<string | URL>, options: O) => Wire<T>
  /** Opens another connection when it changes, see {@link addressOf}. */
  readonly address: string
  /** Returns the options of a connection. Its callbacks and providers read the last committed render. */
  readonly live: (latest: Latest<O>, resumeFrom: string | undefined) => O
  /** More values that open another connection when they change. Default: none. */
  readonly restartOn?: readonly unknown[]
}

/**
 * The base of the hooks that open a connection to a url. Options may be written inline, invalid options throw in the
 * render, and components share a connection only if both `key` and address are equal.
 */
export function useUrlWire<T, D, S, O extends UrlHookOptions & AnyView<T, D, S>>(
  url: HookUrl,
  options: O,
  { connect, address, live, restartOn = [] }: UrlTransport<T, O>,
): WireResult<S> {
  const latest = useLatest(options)
  const latestUrl = useLatest({ url })
  // Validates the options in the render, so that the error points to this component.
  useMemo(() => void (isKnown(url) && connect(url, options)), [address])

  const source: WireSource<T> = ({ resumeFrom }) =>
    isKnown(url) ? connect(liveUrl(url, latestUrl), live(latest, resumeFrom)) : NEVER
  const store = useStore<T, D>(source, {
    ...options,
    enabled: options.enabled !== false && isKnown(url),
    key: keyAt(options.key, address),
    restartOn: [address, ...restartOn],
  })
  return useStoreResult(store, options)
}

/** Whether the url is known. An empty string is: it is the url of the page. */
export function isKnown(url: HookUrl): url is Provider<string | URL> {
  return url !== null && url !== undefined
}

/** Returns the url for a connection. If it is a function, each call uses that of the last committed render. */
export function liveUrl<U extends Provider<string | URL>>(url: U, latest: Latest<{ readonly url: unknown }>): U {
  return typeof url === 'function' ? (liveCallbacks(latest, { url }).url as U) : url
}
