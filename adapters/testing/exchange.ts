import { soon } from './events.ts'
import type { FakeTab } from './tab.ts'

/** A request of a client. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  readonly redirect: RequestRedirect
}

/** What a server sends back. */
export interface ServerResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** The client's side of an exchange. */
export interface HttpClient {
  /** How many bytes of the request body have arrived at the server. */
  sent(loaded: number): void
  /** The head of the response, and the URL that sent it. */
  head(response: ServerResponse, url: URL): void
  /** Bytes of the response. The next ones follow when the result has resolved. */
  data(bytes: Uint8Array): Promise<void> | void
  end(): void
  /** The connection was refused or lost. */
  lost(): void
}

/** A request while the server receives it. */
export class IncomingRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** The values of the parameters in the path of the route. */
  readonly params: Readonly<Record<string, string>>
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
  /** Resolves when the whole body has arrived. Never resolves if the connection is lost before. */
  readonly complete: Promise<void>
  /** Called for each piece of the body, when it arrives. */
  onBytes: (piece: Uint8Array) => void = () => {}
  readonly #pieces: Uint8Array[] = []
  #resolve = () => {}

  constructor({ method, url, headers }: HttpRequest, params: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.method = method
    this.url = url
    this.headers = headers
    this.params = params
    this.signal = signal
    this.complete = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** The bytes of the body that have arrived. */
  get body(): Uint8Array<ArrayBuffer> {
    return concat(this.#pieces)
  }

  /** @internal */
  receive(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.onBytes(piece)
  }

  /** @internal */
  end(): void {
    this.#resolve()
  }
}

const MAX_REDIRECTS = 20

/**
 * Sends a request and follows redirects. Returns a function that ends the connection from the client's side, after
 * which nothing is reported.
 */
export function sendRequest(
  tab: FakeTab,
  request: HttpRequest,
  client: HttpClient,
  left: number = MAX_REDIRECTS,
): () => void {
  let leave = exchange(tab, request, {
    sent: (loaded) => client.sent(loaded),
    head: (response) => {
      const next = request.redirect === 'manual' ? undefined : redirectOf(request, response)
      if (next === undefined) {
        client.head(response, request.url)
        return
      }
      leave()
      if (request.redirect === 'error' || left === 0) client.lost()
      else leave = sendRequest(tab, next, client, left - 1)
    },
    data: (bytes) => client.data(bytes),
    end: () => client.end(),
    lost: () => client.lost(),
  })
  return () => leave()
}

function exchange(tab: FakeTab, request: HttpRequest, client: Omit<HttpClient, 'head'> & Head): () => void {
  const { route, params } = tab.network.httpRoute(request.method, request.url)
  route.noteRequest(request)
  const over = new AbortController()
  let body: AsyncIterator<Uint8Array> | undefined
  let hasHead = false
  let isClosing = false
  const link = tab.connect('http', request.url, route.faults, {
    onLost: () => client.lost(),
    onEnd: () => {
      over.abort()
      body?.return?.().catch(() => {})
    },
  })
  if (link === undefined) {
    soon(() => over.signal.aborted || client.lost())
    return () => over.abort()
  }

  const sendHead = (response: ServerResponse) => {
    hasHead = true
    link.pass('download', () => client.head(response))
  }
  const sendEnd = () => {
    const arrive = () => {
      link.end()
      client.end()
    }
    link.pass('download', arrive, { isEnd: true })
  }
  const respond = async (incoming: IncomingRequest) => {
    const answer = route.faults.takeAnswer()
    if (answer !== undefined) await incoming.complete
    const response = answer === undefined ? await route.serve(incoming) : responseOf(answer)
    if (link.hasEnded || isClosing) return
    sendHead(response)
    body = iterate(response.body)
    for (;;) {
      const { done, value } = await body.next()
      if (link.hasEnded || isClosing) return
      if (done) break
      const taken: (Promise<void> | void)[] = []
      await link.send('download', value, (piece) => taken.push(client.data(piece)))
      await Promise.all(taken)
    }
    sendEnd()
  }

  link.onClose = () => {
    isClosing = true
    if (!hasHead) sendHead({ status: 204, headers: new Headers(), body: [] })
    sendEnd()
  }
  const incoming = new IncomingRequest(request, params, over.signal)
  const start = () => {
    link.pass('upload', () => {
      respond(incoming).catch(() => link.cut())
    })
    let loaded = 0
    const receive = (piece: Uint8Array) => {
      loaded += piece.length
      incoming.receive(piece)
      client.sent(loaded)
    }
    if (request.body.length > 0) link.send('upload', request.body, receive)
    link.pass('upload', () => incoming.end())
  }
  // Nothing happens before the call has returned, as in browsers.
  soon(start)
  return () => link.end()
}

interface Head {
  head(response: ServerResponse): void
}

function responseOf({ status, headers, body }: { status: number; headers: HeadersInit; body: string }): ServerResponse {
  return { status, headers: new Headers(headers), body: body === '' ? [] : [encode(body)] }
}

function iterate(body: ServerResponse['body']): AsyncIterator<Uint8Array> {
  if (Symbol.asyncIterator in body) return body[Symbol.asyncIterator]()
  const iterator = body[Symbol.iterator]()
  return { next: async () => iterator.next() }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** [spec] Fetch §4.4 "HTTP-redirect fetch": which request follows a redirect; `undefined` if there is none. */
function redirectOf(request: HttpRequest, { status, headers }: ServerResponse): HttpRequest | undefined {
  const location = headers.get('location')
  if (location === null || !REDIRECTS.has(status)) return undefined
  const url = new URL(location, request.url)
  const becomesGet = (status < 303 && request.method === 'POST') || (status === 303 && request.method !== 'HEAD')
  return becomesGet ? { ...request, url, method: 'GET', body: new Uint8Array() } : { ...request, url }
}

/** A text as UTF-8. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
