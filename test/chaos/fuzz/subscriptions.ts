import {
  bytes,
  cancelUpload,
  createOutbox,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromImagePing,
  fromJsonp,
  fromLongPoll,
  fromPoll,
  fromUpload,
  fromWebSocket,
  fromXhr,
  lines,
  ndjson,
  offsetHeaders,
  type Provider,
  type ReconnectPolicy,
  sse,
  tus,
  type Wire,
} from 'rxwire'
import { FILE_BYTES, type FuzzKind } from '../../server/fuzz/session.ts'

/** What a subscription is made of. */
export interface FuzzContext {
  /** The address of the server of this subscription, with the query. Its provider is slow, or fails, now and then. */
  url(kind: FuzzKind | 'socket', query?: (cursor: string | undefined) => string): Provider<string>
  /** The address, without a provider. */
  address(kind: FuzzKind | 'socket'): string
  /** A provider of a value. It returns at once, later, never, or throws. */
  provide<V>(value: V): () => V | Promise<V>
  /** The policy. `undefined`: the default one. */
  readonly reconnect: ReconnectPolicy | undefined
  /** A time in milliseconds, in the scale of the run. */
  ms(ms: number): number
  /** A name that no other subscription has. */
  readonly key: string
}

/** A transport, and what limits its requests. */
export interface FuzzTransport {
  readonly name: string
  /** What the host needs. The test kit has all but a document with scripts and images. */
  readonly needs?: 'XMLHttpRequest' | 'EventSource' | 'scripts'
  /** Whether the server may receive the request at most once. */
  readonly isUnsafe?: true
  /** Whether only requests that resume may be repeated. */
  readonly repeatsOnlyToResume?: true
  /** How many requests may follow an attempt at once. Default 1. */
  readonly perAttempt?: number
  readonly connect: (context: FuzzContext) => Wire<unknown>
}

const POST = { method: 'POST', body: '{"pay":5}' } as const
const afterCursor = (cursor: string | undefined) => (cursor === undefined ? '' : `&after=${encodeURIComponent(cursor)}`)
const numberOf = (text: string) => JSON.parse(text) as { n?: number | string }
const idOf = ({ n }: { n?: number | string }) => (n === undefined ? undefined : String(n))
const headers = ({ provide }: FuzzContext) => provide({ 'x-fuzz': '1' })

const events = { decode: numberOf, maxEventLength: 30_000 }
const eventSource =
  (options: object) =>
  (context: FuzzContext): Wire<unknown> =>
    fromEventSource(context.url('events'), { ...events, reconnect: context.reconnect, ...options })
const stream =
  (kind: 'sse' | 'ndjson', options: object) =>
  (context: FuzzContext): Wire<unknown> =>
    fromFetchStream(context.url(kind, afterCursor), {
      ...(kind === 'sse'
        ? { decode: sse({ decode: numberOf, maxLength: 30_000 }) }
        : { decode: ndjson<{ n?: number }>({ maxLength: 30_000 }), idOf }),
      headers: headers(context),
      stallTimeoutMs: 5_000,
      retry: context.reconnect,
      ...options,
    } as never)
const upload =
  (kind: 'tus' | 'offsets', act: typeof fromUpload | typeof cancelUpload, options: object = {}) =>
  (context: FuzzContext): Wire<unknown> => {
    const stored = JSON.stringify([kind === 'tus' ? 'tus' : 'offset-headers', context.key])
    const items = new Map<string, string>()
    if (act === cancelUpload) {
      const entry = { location: context.address('tus'), untilMs: Number.MAX_SAFE_INTEGER }
      items.set('rxwire-uploads', JSON.stringify({ [stored]: entry }))
    }
    return act(context.url(kind), new File([new Uint8Array(FILE_BYTES)], 'fuzz'), {
      protocol: kind === 'tus' ? tus() : offsetHeaders({ fileId: () => context.key }),
      fingerprint: context.provide(context.key),
      storage: {
        getItem: (name) => items.get(name) ?? null,
        setItem: (name, value) => items.set(name, value),
        removeItem: (name) => items.delete(name),
      },
      headers: headers(context),
      reconnect: context.reconnect,
      ...options,
    })
  }

/** All transports, in the forms that reconnect, repeat and leave differently. */
export const fuzzTransports: readonly FuzzTransport[] = [
  {
    name: 'fromEventSource',
    connect: (context) => eventSource({ engine: 'fetch', headers: headers(context) })(context),
  },
  { name: 'fromEventSource by XHR', needs: 'XMLHttpRequest', connect: eventSource({ engine: 'xhr' }) },
  {
    name: 'fromEventSource by EventSource',
    needs: 'EventSource',
    perAttempt: 2,
    connect: eventSource({ engine: 'native' }),
  },
  { name: 'fromEventSource with POST', isUnsafe: true, connect: eventSource(POST) },
  {
    name: 'fromEventSource with POST and resume',
    repeatsOnlyToResume: true,
    connect: eventSource({ ...POST, resume: true }),
  },
  { name: 'fromEventSource with POST and a key', connect: eventSource({ ...POST, idempotencyKey: 'k' }) },
  {
    name: 'fromFetchStream of SSE',
    connect: stream('sse', { resume: true, endsWhen: ({ data }: { data: { n?: number } }) => data.n === 12 }),
  },
  { name: 'fromFetchStream of SSE with POST', isUnsafe: true, connect: stream('sse', POST) },
  {
    name: 'fromFetchStream of SSE with POST and resume',
    repeatsOnlyToResume: true,
    connect: stream('sse', { ...POST, resume: true }),
  },
  {
    name: 'fromFetchStream of NDJSON',
    connect: stream('ndjson', { resume: true, endsWhen: ({ n }: { n?: number }) => n === 12 }),
  },
  {
    name: 'fromFetchStream of NDJSON with POST and resume',
    repeatsOnlyToResume: true,
    connect: stream('ndjson', { ...POST, resume: true }),
  },
  {
    name: 'fromFetchStream of lines by XHR',
    needs: 'XMLHttpRequest',
    connect: stream('ndjson', { decode: lines(), idOf: undefined, engine: 'xhr' }),
  },
  {
    name: 'fromFetchStream of a file',
    connect: ({ url, reconnect }) =>
      fromFetchStream(url('file'), { decode: bytes(), resume: 'range', retry: reconnect }),
  },
  {
    name: 'fromFetch',
    connect: ({ url, reconnect }) => fromFetch(url('document'), { retry: reconnect, timeoutMs: 9_000 }),
  },
  {
    name: 'fromFetch with POST',
    isUnsafe: true,
    connect: ({ url, reconnect }) => fromFetch(url('document'), { ...POST, retry: reconnect }),
  },
  {
    name: 'fromXhr',
    needs: 'XMLHttpRequest',
    connect: ({ url, reconnect }) => fromXhr(url('document'), { retry: reconnect, timeoutMs: 9_000 }),
  },
  {
    name: 'fromXhr with POST',
    needs: 'XMLHttpRequest',
    isUnsafe: true,
    connect: ({ url, reconnect }) => fromXhr(url('document'), { ...POST, retry: reconnect }),
  },
  {
    name: 'fromPoll',
    connect: ({ url, ms, reconnect }) => fromPoll(url('document'), { everyMs: ms(3_000), reconnect }),
  },
  {
    name: 'fromLongPoll',

    connect: (context) =>
      fromLongPoll(context.url('poll'), {
        readCursor: { header: 'x-next' },
        sendCursor: { query: 'after' },
        messages: (body) => body as string[],
        decode: (text) => numberOf(text as string),
        headers: headers(context),
        reconnect: context.reconnect,
      }),
  },
  {
    name: 'fromLongPoll with validators',
    connect: ({ url, reconnect }) =>
      fromLongPoll(
        url('document', () => '&held=1'),
        { reconnect },
      ),
  },
  {
    name: 'fromWebSocket',
    connect: ({ url, provide, reconnect }) =>
      fromWebSocket(url('socket'), {
        decode: (data) => numberOf(data as string),
        idOf,
        sendOnOpen: ({ cursor = '0' }) => provide(cursor)(),
        reconnect,
      }),
  },
  {
    name: 'fromWebSocket with an outbox',
    connect: ({ url, provide, ms, reconnect }) => {
      const outgoing = createOutbox<string>()
      for (const message of ['0', 'a', 'b']) outgoing.send(message).catch(() => {})
      return fromWebSocket(url('socket'), {
        outgoing,
        protocols: provide([]),
        heartbeat: { ping: () => 'ping', everyMs: ms(2_000), timeoutMs: ms(1_000) },
        stallTimeoutMs: 9_000,
        reconnect,
      })
    },
  },
  { name: 'fromUpload with tus', perAttempt: 3, connect: upload('tus', fromUpload) },
  {
    name: 'fromUpload with tus in chunks by fetch',
    perAttempt: 3,
    connect: (context) =>
      upload('tus', fromUpload, { chunkBytes: 100, fetch: (url: string, init: RequestInit) => fetch(url, init) })(
        context,
      ),
  },
  { name: 'fromUpload with offsetHeaders', perAttempt: 3, connect: upload('offsets', fromUpload) },
  { name: 'cancelUpload', connect: upload('tus', cancelUpload) },
  {
    name: 'fromJsonp',
    needs: 'scripts',
    connect: ({ url, reconnect }) => fromJsonp(url('script'), { retry: reconnect }),
  },
  { name: 'fromImagePing', needs: 'scripts', connect: ({ url }) => fromImagePing(url('image'), { retry: {} }) },
]
