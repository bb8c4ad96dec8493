import { fromFetch, fromLongPoll, fromPoll, fromUpload, fromXhr, tus } from 'rxwire'
import { networkForEachTest } from '../unit/support/net.ts'
import { describeInstantResponses, httpClient, type Respond } from './instant-responses.ts'

const net = networkForEachTest()

const json = (nth: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify([nth]), { headers: { 'content-type': 'application/json', ...headers } })
const answers: Readonly<Record<string, Respond>> = {
  news: (nth) => json(nth, { etag: `"${nth}"` }),
  'the same ETag': () => json(1, { etag: '"1"' }),
  'data without ETag': () => json(1),
  'empty body': () => new Response(''),
}

const FILE = new Blob(['12345'])

/** A tus server that has stored this many bytes after each request. */
const stored =
  (bytes: number): Respond =>
  (_, { method }) => {
    const headers = { 'upload-offset': String(bytes), 'upload-length': String(FILE.size) }
    if (method === 'POST') return new Response(null, { status: 201, headers: { location: '/instant/1' } })
    return new Response(null, { status: method === 'HEAD' ? 200 : 204, headers })
  }
const uploads: Readonly<Record<string, Respond>> = {
  ...answers,
  news: stored(FILE.size),
  'the same ETag': stored(0),
}

// How many requests a minute the laws allow:
// - 601: [law] 15. News may be followed at ten a second.
// - 15: [law] 15. Half of 250 ms, 500 ms, … 15 s each is 14 a minute.
// - 67: fromPoll is told to poll every second, ±10 %.
// - 20: [law] 6. Half of the windows 1, 2, 4, 8, 15, 15 … s is on average 11 a minute.
// - 40: the same, where each attempt of an upload is two requests.
// - 7: [law] 8. `Retry-After` is a floor.
// - 3: a request that a user waits for is retried twice.
describeInstantResponses(
  net,
  `
                        | fromLongPoll | fromPoll    | fromFetch    | fromXhr      | fromUpload
  news                  | repeats ≤601 | repeats ≤67 | completes =1 | completes =1 | completes =2
  the same ETag         | repeats ≤15  | repeats ≤67 | completes =1 | completes =1 | http ≤40
  data without ETag     | repeats ≤15  | repeats ≤67 | completes =1 | completes =1 | fails http =1
  empty body            | repeats ≤15  | repeats ≤67 | completes =1 | completes =1 | fails http =1
  204                   | repeats ≤15  | repeats ≤67 | completes =1 | completes =1 | fails http =1
  304                   | repeats ≤15  | repeats ≤67 | fails 304 =1 | fails 304 =1 | fails 304 =1
  404, retry after 10 s | 404 ≤7       | 404 ≤7      | fails 404 =3 | fails 404 =3 | 404 ≤7
  429                   | 429 ≤20      | 429 ≤20     | fails 429 =3 | fails 429 =3 | 429 ≤20
  500                   | 500 ≤20      | 500 ≤20     | fails 500 =3 | fails 500 =3 | 500 ≤20
  502                   | 502 ≤20      | 502 ≤20     | fails 502 =3 | fails 502 =3 | 502 ≤20
  503                   | 503 ≤20      | 503 ≤20     | fails 503 =3 | fails 503 =3 | 503 ≤20
  `,
  [
    httpClient('fromLongPoll', (url) => fromLongPoll(url), answers),
    httpClient('fromPoll', (url) => fromPoll(url, { everyMs: 1_000 }), answers),
    httpClient('fromFetch', (url) => fromFetch(url), answers),
    httpClient('fromXhr', (url) => fromXhr(url), answers),
    httpClient('fromUpload', (url) => fromUpload(url, FILE, { protocol: tus(), storage: false }), uploads),
  ],
)
