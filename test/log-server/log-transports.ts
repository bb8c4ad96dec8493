import {
  fromEventSource,
  fromFetchStream,
  fromLongPoll,
  fromWebSocket,
  json,
  logLines,
  logSocket,
  type ReconnectPolicy,
  type Wire,
} from 'rxwire'

/** One way to read a log of numbers. `from` is where a client without a cursor starts. */
export interface LogTransport {
  readonly name: string
  connect(url: () => string, from: 'now' | 'earliest', reconnect: ReconnectPolicy): Wire<number>
}

const withQuery = (url: string, query: Readonly<Record<string, string | undefined>>) => {
  const target = new URL(url)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) target.searchParams.set(name, value)
  return target.href
}

/** The offset of the protocol. A client of the other transports sends none, and the server decides. */
const offsetFor = (from: 'now' | 'earliest') => (from === 'now' ? 'now' : '-1')

/** All transports of rxwire that read a log. */
export const logTransports: readonly LogTransport[] = [
  {
    name: 'fromEventSource',
    connect: (url, from, reconnect) =>
      fromEventSource(() => withQuery(url(), { offset: offsetFor(from) }), { decode: Number, reconnect }),
  },
  {
    name: 'fromFetchStream with logLines',
    connect: (url, from, reconnect) =>
      fromFetchStream(() => withQuery(url(), { offset: offsetFor(from) }), logLines<number>({ retry: reconnect })),
  },
  {
    name: 'fromLongPoll',
    connect: (url, from, reconnect) =>
      fromLongPoll(() => withQuery(url(), { live: 'long-poll', offset: offsetFor(from) }), {
        decode: json<number>(),
        readCursor: { header: 'stream-next-offset' },
        sendCursor: { query: 'offset' },
        messages: (body) => body as number[],
        endsOnResponse: ({ headers }) => headers.get('stream-closed') === 'true',
        reconnect,
      }),
  },
  {
    name: 'fromWebSocket with logSocket',
    connect: (url, from, reconnect) =>
      fromWebSocket(() => withQuery(url(), { offset: offsetFor(from) }), { ...logSocket<number>(), reconnect }),
  },
]
