import type { FakeNetwork, FakeRoute, RouteContext } from 'rxwire/testing'

/** The headers of a response at the tail of a stream. */
export const AT_TAIL = { 'stream-up-to-date': 'true' }

/** A response of the Durable Streams protocol, by default with JSON. */
export function page(body: unknown, next: string, headers: Record<string, string> = AT_TAIL): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(text, { headers: { 'content-type': 'application/json', 'stream-next-offset': next, ...headers } })
}

/** A long poll that brought nothing. */
export function nothing(next: string, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 204, headers: { 'stream-next-offset': next, ...AT_TAIL, ...headers } })
}

/** The event before its control event. */
export function data(...lines: string[]): string {
  return `event: data\n${lines.map((line) => `data: ${line}\n`).join('')}\n`
}

/** The event that settles the data before it. */
export function control(streamNextOffset: unknown, more: object = {}): string {
  return `event: control\ndata: ${JSON.stringify({ streamNextOffset, ...more })}\n\n`
}

/** An event stream that ends after its text. */
export function events(text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { headers: { 'content-type': 'text/event-stream', ...headers } })
}

/** How a stream responds, by the kind of the request. A missing kind is held without a response. */
interface Script {
  /** Default: the tail of an empty stream. */
  readonly page?: (offset: string, nth: number) => unknown
  readonly sse?: (offset: string, context: RouteContext, nth: number) => unknown
  readonly poll?: (offset: string, context: RouteContext, nth: number) => unknown
}

/** Serves `/stream`. An iterable is sent as an event stream. */
export function serveStream(
  net: FakeNetwork,
  { page: respond = () => page([], '0'), sse = held, poll = held }: Script,
): FakeRoute {
  const counts = { page: 0, sse: 0, poll: 0 }
  return net.route(
    'GET',
    '/stream',
    ({ url }, context) => {
      const { searchParams } = new URL(url)
      const offset = searchParams.get('offset') ?? ''
      const live = searchParams.get('live')
      if (live === 'sse') return sse(offset, context, counts.sse++)
      if (live === 'long-poll') return poll(offset, context, counts.poll++)
      return respond(offset, counts.page++)
    },
    { contentType: 'text/event-stream' },
  )
}

/** Sends a text and stays open. */
export async function* staysOpen(text: string, { wait }: RouteContext): AsyncGenerator<string> {
  yield text
  await wait(86_400_000)
}

function held(_: string, { wait }: RouteContext): unknown {
  return wait(86_400_000)
}

/** What each request asked for: `offset`, or `live offset`. */
export function asked({ requests }: FakeRoute): string[] {
  return requests.map(({ url }) => {
    const { searchParams } = new URL(url, 'http://localhost')
    return [searchParams.get('live'), searchParams.get('offset')].filter((part) => part !== null).join(' ')
  })
}
