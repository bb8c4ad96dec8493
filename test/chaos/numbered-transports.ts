import {
  fromDurableStream,
  fromEventSource,
  fromFetchStream,
  fromLongPoll,
  fromWebSocket,
  json,
  ndjson,
  pingPong,
  type Wire,
} from 'rxwire'
import { quick } from '../quick.ts'

/** The request to a transport. */
interface NumbersAsked {
  /** The last number. The wire completes after it. */
  readonly count: number
  /** The silence limit of a connection. Default: none. */
  readonly silenceMs?: number
}

/** A transport that can resume, with a route that sends the numbers from 1 on. */
export interface NumberedTransport {
  readonly name: string
  readonly path: string
  /** The minimum size of one number on the network, averaged over many thousands. */
  readonly bytesPerNumber: number
  readonly connect: (url: string, asked: NumbersAsked) => Wire<number>
}

/** All transports that can resume. */
export const numberedTransports: readonly NumberedTransport[] = [
  {
    name: 'fromEventSource',
    path: '/sse/feed',
    bytesPerNumber: 27,
    connect: (url, { silenceMs }) =>
      fromEventSource(url, {
        decode: Number,
        stallTimeoutMs: silenceMs,
        connectTimeoutMs: silenceMs,
        reconnect: quick,
      }),
  },
  {
    name: 'fromLongPoll',
    path: '/long-poll/feed',
    bytesPerNumber: 7,
    connect: (url, { count, silenceMs }) =>
      fromLongPoll(url, {
        decode: json<number>(),
        readCursor: ({ headers }) => headers.get('x-next'),
        sendCursor: { query: 'after' },
        messages: (body) => body as number[],
        endsWhen: (number) => number === count,
        holdTimeoutMs: silenceMs,
        reconnect: quick,
      }),
  },
  {
    name: 'fromDurableStream',
    path: '/durable/numbers',
    bytesPerNumber: 12,
    connect: (url, { silenceMs }) =>
      fromDurableStream(url, {
        decode: Number,
        live: 'sse',
        stallTimeoutMs: silenceMs,
        connectTimeoutMs: silenceMs,
        reconnect: quick,
      }),
  },
  {
    name: 'fromFetchStream of NDJSON',
    path: '/stream/ndjson',
    bytesPerNumber: 13,
    connect: (url, { silenceMs }) =>
      fromFetchStream(({ cursor = '0' }) => `${url}&after=${cursor}`, {
        decode: ndjson({ decode: (row) => (row as { n: number }).n }),
        idOf: String,
        resume: true,
        stallTimeoutMs: silenceMs,
        retry: { ...quick, maxRetries: Number.POSITIVE_INFINITY },
      }),
  },
  {
    name: 'fromWebSocket',
    path: '/ws/feed',
    bytesPerNumber: 8,
    connect: (url, { silenceMs }) =>
      fromWebSocket(url, {
        decode: Number,
        idOf: String,
        sendOnOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
        connectTimeoutMs: silenceMs,
        ...(silenceMs !== undefined && {
          heartbeat: pingPong({ everyMs: silenceMs / 2, timeoutMs: silenceMs / 2, ping: () => '{}' }),
        }),
        reconnect: quick,
      }),
  },
]
