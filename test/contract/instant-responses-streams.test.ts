import { fromEventSource, fromFetchStream, nativeEngine, ndjson, sse, xhrEngine } from 'rxwire'
import { networkForEachTest } from '../unit/support/net.ts'
import { describeInstantResponses, httpClient, type Respond } from './instant-responses.ts'

const net = networkForEachTest()

/** Responses with this body, which may depend on how many came before. */
function withBody(contentType: string, body: (nth: number) => string): Respond {
  return (nth) => new Response(body(nth), { headers: { 'content-type': contentType } })
}

const eventStream = (body: (nth: number) => string) => withBody('text/event-stream', body)
const events: Readonly<Record<string, Respond>> = {
  news: eventStream((nth) => `id: ${nth}\ndata: ${nth}\n\n`),
  'the same id': eventStream(() => 'id: 1\ndata: 1\n\n'),
  'data without id': eventStream(() => 'data: 1\n\n'),
  'no data': eventStream(() => ': hello\n\n'),
  'empty body': eventStream(() => ''),
}

const lines = (body: (nth: number) => string) => withBody('application/x-ndjson', body)
const rows: Readonly<Record<string, Respond>> = {
  news: lines((nth) => `{"id":"${nth}"}\n`),
  'the same id': lines(() => '{"id":"1"}\n'),
  'data without id': lines(() => '{}\n'),
  'no data': lines(() => '\n'),
  'empty body': lines(() => ''),
}

interface Row {
  readonly id?: string
}
const idOf = ({ id }: Row) => id
/** A response that is resumed until its end marker. */
const toItsEnd = { endMarker: '[DONE]', resume: true, retry: { maxRetries: Number.POSITIVE_INFINITY } } as const

// How many requests a minute the laws allow:
// - 20: [law] 6. Half of the windows 1, 2, 4, 8, 15, 15, … s is 11 requests on average.
// - 25: [law] 6 and 14. The first five connections use the first window: five requests more.
// - 7: [law] 8. `Retry-After` is a floor.
// - The native EventSource hides the status of a refusal, so `fetch` asks for it: twice as many. It also hides whether
//   the response ended cleanly.
describeInstantResponses(
  net,
  `
                        | fromEventSource, fetch  | fromEventSource, xhr    | fromEventSource, native
  news                  | rotated ≤25             | rotated ≤25             | network ≤25
  the same id           | rotated then closed ≤20 | rotated then closed ≤20 | network ≤20
  data without id       | rotated ≤25             | rotated ≤25             | network ≤25
  no data               | closed ≤20              | closed ≤20              | network ≤20
  empty body            | closed ≤20              | closed ≤20              | network ≤20
  204                   | completes =1            | completes =1            | completes =2
  304                   | fails 304 =1            | fails 304 =1            | fails 304 =2
  404, retry after 10 s | 404 ≤7                  | 404 ≤7                  | 404 ≤14
  429                   | 429 ≤20                 | 429 ≤20                 | 429 ≤40
  500                   | 500 ≤20                 | 500 ≤20                 | 500 ≤40
  502                   | 502 ≤20                 | 502 ≤20                 | 502 ≤40
  503                   | 503 ≤20                 | 503 ≤20                 | 503 ≤40
  `,
  [undefined, xhrEngine(), nativeEngine()].map((engine) =>
    httpClient(`fromEventSource, ${engine?.name ?? 'fetch'}`, (url) => fromEventSource(url, { engine }), events),
  ),
)

// A response of fromFetchStream ends the wire, unless it is incomplete and can be resumed. Requests a minute:
// - 3: a request is retried twice.
// - 25: [law] 6. Half of the windows 0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 10, … s is 17 requests on average.
// - 30: [law] 6. The first five connections use the first window: five requests more.
describeInstantResponses(
  net,
  `
                        | sse()         | ndjson()      | sse() to its end   | ndjson() to its end
  news                  | completes =1  | completes =1  | truncated ≤30      | truncated ≤30
  the same id           | completes =1  | completes =1  | truncated ≤25      | truncated ≤25
  data without id       | completes =1  | completes =1  | fails truncated =1 | fails truncated =1
  no data               | completes =1  | completes =1  | truncated ≤25      | truncated ≤25
  empty body            | completes =1  | completes =1  | truncated ≤25      | truncated ≤25
  204                   | completes =1  | completes =1  | completes =1       | completes =1 
  304                   | fails 304 =1  | fails 304 =1  | fails 304 =1       | fails 304 =1
  404, retry after 10 s | fails 404 =3  | fails 404 =3  | 404 ≤7             | 404 ≤7
  429                   | fails 429 =3  | fails 429 =3  | 429 ≤25            | 429 ≤25
  500                   | fails 500 =3  | fails 500 =3  | 500 ≤25            | 500 ≤25
  502                   | fails 502 =3  | fails 502 =3  | 502 ≤25            | 502 ≤25
  503                   | fails 503 =3  | fails 503 =3  | 503 ≤25            | 503 ≤25
  `,
  [
    httpClient('sse()', (url) => fromFetchStream(url, { decode: sse() }), events),
    httpClient('ndjson()', (url) => fromFetchStream(url, { decode: ndjson() }), rows),
    httpClient('sse() to its end', (url) => fromFetchStream(url, { ...toItsEnd, decode: sse() }), events),
    httpClient(
      'ndjson() to its end',
      (url) => fromFetchStream(url, { ...toItsEnd, decode: ndjson<Row>(), idOf }),
      rows,
    ),
  ],
)
