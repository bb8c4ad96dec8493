import { WireError } from '../errors.ts'
import {
  type FetchLike,
  type Implementations,
  streamingFetch,
  type XhrConstructor,
  xmlHttpRequest,
} from '../platform/globals.ts'
import { openTextByFetch } from './fetch.ts'
import type { OpenText } from './response.ts'
import { openTextByXhr } from './xhr-stream.ts'

/** Opens responses that are read as text while they arrive. */
export interface StreamEngine {
  readonly name: string
  /** @throws WireError if the host cannot open a response in this way. */
  readonly open: OpenText
  /** Whether it stops reading while the consumer has no room. */
  readonly canPause: boolean
}

/** Returns the engine that is used if the caller gives none. */
export function fetchEngine(implementations: Pick<Implementations, 'fetch'>): StreamEngine {
  return { name: 'fetch', open: openTextByFetch(requireStreamingFetch(implementations)), canPause: true }
}

/** @throws WireError if the host has no `fetch` whose responses can be read while they arrive. */
export function requireStreamingFetch(implementations: Pick<Implementations, 'fetch'>): FetchLike {
  const fetch = streamingFetch(implementations)
  if (fetch !== undefined) return fetch
  throw new WireError('network', 'This host has no fetch that can stream a response. Pass engine: xhrEngine().')
}

/** Options of {@link xhrEngine}. */
export interface XhrEngineOptions {
  /** Used instead of the global `XMLHttpRequest`. Default: the global one. */
  readonly XMLHttpRequest?: XhrConstructor | undefined
}

/**
 * Returns an engine for hosts whose `fetch` cannot stream. It reads text with `XMLHttpRequest`, which supports headers,
 * any method and status codes. XHR keeps the whole text in memory, so the connection is replaced every 4 to 12 Mi
 * characters, at the end of an event if there is one in that range.
 *
 * @example
 * ```ts
 * import { fromEventSource, xhrEngine } from 'rxwire'
 *
 * fromEventSource('/ticks', { engine: xhrEngine() }).subscribe()
 * ```
 */
export function xhrEngine(options: XhrEngineOptions = {}): StreamEngine {
  return {
    name: 'xhr',
    canPause: false,
    open: (request, signal) => {
      const Xhr = xmlHttpRequest(options)
      if (Xhr === undefined) throw new WireError('network', 'This host has no XMLHttpRequest.')
      return openTextByXhr(Xhr)(request, signal)
    },
  }
}
