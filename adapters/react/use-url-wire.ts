'use client'

import { useMemo } from 'react'
import type { Provider, Wire } from 'rxwire'
import { type Latest, useLatest } from './base-hooks.ts'
import { liveCallbacks } from './live-options.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreResult, type WireResult } from './use-wire.ts'
import type { AnyView } from './view-options.ts'

/** The options of every hook that opens a connection to a url. */
export type UrlHookOptions = Omit<UseWireOptions, 'restartOn'>

/** What a hook over a url says of its transport. */
export interface UrlTransport<T, O> {
  /** Makes the wire. Also called in the render, to find mistakes: it opens nothing. */
  readonly connect: (url: Provider<string | URL>, options: O) => Wire<T>
  /** What makes another connection when it changes, see {@link addressOf}. */
  readonly address: string
  /** The options of an attempt, read from the last render whenever they are asked. */
  readonly live: (latest: Latest<O>, resumeFrom: string | undefined) => O
  /** Values beside the address that make another connection when they change. */
  readonly restartOn?: readonly unknown[]
}

/**
 * The base of the hooks that open a connection to a url: options may be written inline, mistakes in them show in the
 * render, and what is shared by `key` has the same address.
 */
export function useUrlWire<T, D, S, O extends UrlHookOptions & AnyView<T, D, S>>(
  url: Provider<string | URL>,
  options: O,
  { connect, address, live, restartOn = [] }: UrlTransport<T, O>,
): WireResult<S> {
  const latest = useLatest(options)
  const latestUrl = useLatest({ url })
  // A mistake in the options shows where it was made, in the render, and not later in some effect.
  useMemo(() => connect(url, options), [address])

  const store = useStore<T, D>(({ resumeFrom }) => connect(liveUrl(latestUrl), live(latest, resumeFrom)), {
    ...options,
    key: keyAt(options.key, address),
    restartOn: [address, ...restartOn],
  })
  return useStoreResult(store, options)
}

/** What two renders have in common if they are about one connection; what a function will say is for each attempt to ask. */
export function addressOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map(toKeyPart))
}

/** The address is part of the key: what was opened for another one must not be taken for this. */
export function keyAt(key: string | undefined, address: string): string | undefined {
  return key === undefined ? undefined : JSON.stringify([key, address])
}

/** A part of an address in the form in which JSON tells it. */
export function toKeyPart(part: unknown): unknown {
  if (typeof part === 'function') return undefined
  return part instanceof URL || part instanceof URLSearchParams ? String(part) : part
}

/** A url that is a function runs what the last committed render was given; any other is that of the last one. */
export function liveUrl(latest: Latest<{ readonly url: Provider<string | URL> }>): Provider<string | URL> {
  return liveCallbacks(latest, { url: undefined }).url ?? latest.current.url
}
