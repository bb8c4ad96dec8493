import { type FetchStreamOptions, xhrEngine } from 'rxwire'

/** An engine of `fromFetchStream` that this host supports. */
export interface StreamEngine {
  readonly name: 'fetch' | 'xhr'
  readonly options: Pick<FetchStreamOptions<never>, 'engine'>
}

/** Node has only `fetch`. The browser projects also test XHR. */
export function streamEngines(): readonly StreamEngine[] {
  const byFetch: StreamEngine = { name: 'fetch', options: {} }
  return typeof XMLHttpRequest === 'function' ? [byFetch, { name: 'xhr', options: { engine: xhrEngine() } }] : [byFetch]
}

/** The query of `/stream/bytes` for a body in separate chunks of `piece` bytes. */
export function bodyQuery(body: string | Uint8Array, piece = 1): { body: string; piece: number } {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const base64 = btoa(String.fromCharCode(...bytes))
  return { body: base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), piece }
}

/** The words of a response of `/stream/answer`. */
export function words(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `{"text":"word ${index + 1} "}`)
}

/** The rows of `/stream/ndjson`. */
export function rows(count: number): { n: number }[] {
  return Array.from({ length: count }, (_, index) => ({ n: index + 1 }))
}
