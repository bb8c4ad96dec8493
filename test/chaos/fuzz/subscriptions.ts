import {
  byteRange,
  bytes,
  cancelUpload,
  createOutbox,
  type EventSourceOptions,
  type FetchStreamOptions,
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
  nativeEngine,
  ndjson,
  offsetHeaders,
  type Provider,
  pingPong,
  type ReconnectPolicy,
  type SseMessage,
  sse,
  tus,
  type UploadOptions,
  type WebSocketData,
  type Wire,
  xhrEngine,
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
  /** Whether its messages are the records of the server, without a gap. */
  readonly hasRecords?: true
  /** Whether requests follow each other without an attempt. */
  readonly polls?: true
  /** How many requests may follow an attempt at once. Default 1. */
  readonly perAttempt?: number
  readonly connect: (context: FuzzContext) => Wire<unknown>
}

/** The data of a record. */
interface Row {
  readonly n?: number | string
}

const POST = { method: 'POST', body: '{"pay":5}' } as const
const MAX_LENGTH = 30_000
const afterCursor = (cursor: string | undefined) => (cursor === undefined ? '' : `&after=${encodeURIComponent(cursor)}`)
const rowOf = (text: string) => JSON.parse(text) as Row
const idOf = ({ n }: Row) => (n === undefined ? undefined : String(n))
const headers = ({ provide }: FuzzContext) => provide({ 'x-fuzz': '1' })

const eventSource =
  (options: Partial<EventSourceOptions<Row>>) =>
  ({ url, reconnect }: FuzzContext): Wire<unknown> =>
    fromEventSource(url('events'), { ...options, decode: rowOf, maxEventLength: MAX_LENGTH, reconnect })
const ofStream = (context: FuzzContext) => ({
  headers: headers(context),
  stallTimeoutMs: 5_000,
  retry: context.reconnect,
})
const events =
  (options: Partial<FetchStreamOptions<SseMessage<Row>>>) =>
  (context: FuzzContext): Wire<unknown> =>
    fromFetchStream(context.url('sse', afterCursor), {
      ...ofStream(context),
      ...options,
      decode: sse({ decode: rowOf, maxLength: MAX_LENGTH }),
    })
const rows =
  (options: Partial<FetchStreamOptions<Row>>) =>
  (context: FuzzContext): Wire<unknown> =>
    fromFetchStream(context.url('ndjson', afterCursor), {
      ...ofStream(context),
      ...options,
      decode: ndjson<Row>({ maxLength: MAX_LENGTH }),
      idOf,
    })
const upload =
  (kind: 'tus' | 'offsets', act: typeof fromUpload | typeof cancelUpload, options: Partial<UploadOptions> = {}) =>
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
    hasRecords: true,
    connect: (context) => eventSource({ headers: headers(context) })(context),
  },
  {
    name: 'fromEventSource by XHR',
    hasRecords: true,
    needs: 'XMLHttpRequest',
    connect: eventSource({ engine: xhrEngine() }),
  },
  {
    name: 'fromEventSource by EventSource',
    hasRecords: true,
    needs: 'EventSource',
    perAttempt: 2,
    connect: eventSource({ engine: nativeEngine() }),
  },
  { name: 'fromEventSource with POST', hasRecords: true, isUnsafe: true, connect: eventSource(POST) },
  {
    name: 'fromEventSource with POST and resume',
    hasRecords: true,
    repeatsOnlyToResume: true,
    connect: eventSource({ ...POST, resume: true }),
  },
  {
    name: 'fromEventSource with POST and a key',
    hasRecords: true,
    connect: eventSource({ ...POST, idempotencyKey: 'k' }),
  },
  {
    name: 'fromFetchStream of SSE',
    hasRecords: true,
    connect: events({ resume: true, endsWhen: ({ data }) => data.n === 12 }),
  },
  { name: 'fromFetchStream of SSE with POST', hasRecords: true, isUnsafe: true, connect: events(POST) },
  {
    name: 'fromFetchStream of SSE with POST and resume',
    hasRecords: true,
    repeatsOnlyToResume: true,
    connect: events({ ...POST, resume: true }),
  },
  {
    name: 'fromFetchStream of NDJSON',
    hasRecords: true,
    connect: rows({ resume: true, endsWhen: ({ n }) => n === 12 }),
  },
  {
    name: 'fromFetchStream of NDJSON with POST and resume',
    hasRecords: true,
    repeatsOnlyToResume: true,
    connect: rows({ ...POST, resume: true }),
  },
  {
    name: 'fromFetchStream of lines by XHR',
    needs: 'XMLHttpRequest',
    connect: (context) =>
      fromFetchStream(context.url('ndjson'), {
        ...ofStream(context),
        decode: lines({ maxLength: MAX_LENGTH }),
        engine: xhrEngine(),
      }),
  },
  {
    name: 'fromFetchStream of a file',
    connect: ({ url, reconnect }) =>
      fromFetchStream(url('file'), { decode: bytes(), resume: byteRange(), retry: reconnect }),
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
    polls: true,
    connect: ({ url, ms, reconnect }) => fromPoll(url('document'), { everyMs: ms(3_000), reconnect }),
  },
  {
    name: 'fromLongPoll',
    polls: true,
    connect: (context) =>
      fromLongPoll(context.url('poll'), {
        readCursor: { header: 'x-next' },
        sendCursor: { query: 'after' },
        messages: (body) => body as string[],
        decode: (text) => rowOf(text as string),
        holdTimeoutMs: context.ms(10_000),
        headers: headers(context),
        reconnect: context.reconnect,
      }),
  },
  {
    name: 'fromLongPoll with validators',
    polls: true,
    connect: ({ url, reconnect }) =>
      fromLongPoll(
        url('document', () => '&held=1'),
        { reconnect },
      ),
  },
  {
    name: 'fromWebSocket',
    hasRecords: true,
    connect: ({ url, provide, reconnect }) =>
      fromWebSocket(url('socket'), {
        decode: (data: WebSocketData) => rowOf(data as string),
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
        heartbeat: pingPong({ ping: () => 'ping', everyMs: ms(2_000), timeoutMs: ms(1_000) }),
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
