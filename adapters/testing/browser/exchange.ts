import { encode } from '../connection/bytes.ts'
import { type HttpClient, type HttpRequest, IncomingRequest, type ServerResponse } from '../connection/http.ts'
import type { Client } from '../network.ts'
import { soon } from './emitter.ts'

const MAX_REDIRECTS = 20
// How much a server can write before the first byte has arrived.
const WINDOW_BYTES = 64 * 1024

/**
 * Sends a request and follows redirects. Returns a function that ends the connection from the client's side, after
 * which nothing is reported.
 */
export function sendRequest(
  from: Client,
  request: HttpRequest,
  client: HttpClient,
  left: number = MAX_REDIRECTS,
): () => void {
  let leave = exchange(from, request, {
    sent: (loaded) => client.sent(loaded),
    head: (response) => {
      const next = request.redirect === 'manual' ? undefined : redirectOf(request, response)
      if (next === undefined) {
        client.head(response, request.url)
        return
      }
      leave()
      if (request.redirect === 'error' || left === 0) client.lost()
      else leave = sendRequest(from, next, client, left - 1)
    },
    data: (bytes) => client.data(bytes),
    end: () => client.end(),
    lost: () => client.lost(),
  })
  return () => leave()
}

function exchange(from: Client, request: HttpRequest, client: Omit<HttpClient, 'head'> & Head): () => void {
  const { route, params } = from.network.httpRoute(request.method, request.url)
  route.noteRequest(request)
  const over = new AbortController()
  let body: AsyncIterator<Uint8Array> | undefined
  let hasHead = false
  let isClosing = false
  const link = from.connect('http', request.url, route.faults, {
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
    // [spec] Fetch §2.2.6: only a network error has the status 0.
    if (response.status === 0) {
      link.cut()
      return
    }
    sendHead(response)
    body = iterate(response.body)
    for (;;) {
      const { done, value } = await body.next()
      if (link.hasEnded || isClosing) return
      if (done) break
      const taken: (Promise<void> | void)[] = []
      const arrived = link.send('download', value, (piece) => taken.push(client.data(piece)))
      if (link.bytes('download') > WINDOW_BYTES) await arrived
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
