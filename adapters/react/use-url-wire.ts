'use client'

import { useMemo } from 'react'
import { NEVER } from 'rxjs'
import type { Provider, RequestOptions, Wire, WireSource } from 'rxwire'
import { type Latest, useLatest } from './base-hooks.ts'
import { liveCallbacks } from './live-options.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreResult, type WireResult } from './use-wire.ts'
import type { AnyView } from './view-options.ts'

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

/** Returns a string that is equal in all renders of one connection. All functions are equal: each attempt calls them. */
export function addressOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map(toKeyPart), (_, part) => (typeof part === 'function' ? 'function' : part))
}

/** Returns the part of an address that describes the request. */
export function requestPart({ baseUrl, method, query, json, body }: RequestOptions): object {
  // A body that is no text cannot be compared: inline, it would be another one in each render.
  const text = typeof body === 'string' || body instanceof URLSearchParams ? String(body) : undefined
  return { baseUrl, method, query: toKeyPart(query), json, body: text }
}

/** Adds the address to a key, so that a connection to another address is not shared. */
export function keyAt(key: string | undefined, address: string): string | undefined {
  return key === undefined ? undefined : JSON.stringify([key, address])
}

/** Converts a part of an address to a value that JSON can represent. */
export function toKeyPart(part: unknown): unknown {
  if (typeof part === 'function') return undefined
  return part instanceof URL || part instanceof URLSearchParams ? String(part) : part
}

/** Whether the url is known. An empty string is: it is the url of the page. */
export function isKnown(url: HookUrl): url is Provider<string | URL> {
  return url !== null && url !== undefined
}

/** Returns the url for a connection. If it is a function, each call uses that of the last committed render. */
export function liveUrl<U extends Provider<string | URL>>(url: U, latest: Latest<{ readonly url: unknown }>): U {
  return typeof url === 'function' ? (liveCallbacks(latest, { url }).url as U) : url
}
