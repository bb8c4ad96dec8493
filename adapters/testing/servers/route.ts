import { encode } from '../connection/bytes.ts'
import { Faults } from '../connection/faults.ts'
import type { HttpRequest, IncomingRequest, ServerResponse } from '../connection/http.ts'
import type { Network } from '../network.ts'
import { toServerResponse } from './response.ts'

/** A request that a server received. */
export interface SeenRequest {
  /** When it was sent, in milliseconds since the network was created or installed. */
  readonly atMs: number
  readonly method: string
  /** The path and the query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The whole body that the client meant to send, as text. */
  readonly body: string
}

/** What a handler receives besides the request. */
export interface RouteContext {
  /** The values of the parameters in the path, such as `id` for `/users/:id`. */
  readonly params: Readonly<Record<string, string>>
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
  /** Resolves after this time on the virtual clock. */
  readonly wait: (ms: number) => Promise<void>
}

/**
 * Serves a request. Returns a `Response`; or a text, which is sent as it is; or an async iterable of texts or bytes,
 * which is streamed; or another value, which is sent as JSON; or nothing, for the status 204. `Response.error()` drops
 * the connection, and so does an error in a stream.
 */
export type RouteHandler = (request: Request, context: RouteContext) => unknown

/** Options of `route()` of a fake network. */
export interface FakeRouteOptions {
  /** The type of a text or a stream that the handler returns. Default `'text/plain; charset=utf-8'`. */
  readonly contentType?: string | undefined
}

/** The server of one path, and its faults. Made by `route()` of a fake network. */
export class FakeRoute extends Faults {
  /** All requests, in order. Those that were refused or got another answer are included. */
  readonly requests: SeenRequest[] = []
  readonly #network: Network
  readonly #handler: RouteHandler
  readonly #contentType: string

  /** @internal */
  constructor(network: Network, handler: RouteHandler, options: FakeRouteOptions) {
    super()
    if (typeof handler !== 'function') throw new TypeError('route(method, path, handler): handler must be a function')
    this.#network = network
    this.#handler = handler
    this.#contentType = options.contentType ?? 'text/plain; charset=utf-8'
  }

  /** @internal */
  get faults(): this {
    return this
  }

  /** @internal */
  noteRequest(request: HttpRequest): void {
    this.requests.push(seen(request, this.#network.atMs()))
  }

  /** @internal */
  async serve(incoming: IncomingRequest): Promise<ServerResponse> {
    await incoming.complete
    const { method, url, headers, body, params, signal } = incoming
    const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD'
    const request = new Request(url, { method, headers, ...(hasBody && { body }) })
    // The signal of another realm cannot be passed to the constructor.
    Object.defineProperty(request, 'signal', { value: signal })
    try {
      return await toServerResponse(await this.#handler(request, { params, signal, wait }), this.#contentType)
    } catch (error) {
      const text = `The handler of ${method} ${url.pathname} threw: ${error}`
      this.#network.problems.push(text)
      return { status: 500, headers: new Headers({ 'content-type': 'text/plain' }), body: [encode(text)] }
    }
  }
}

export function seen({ method, url, headers, body }: HttpRequest, atMs: number): SeenRequest {
  const text = new TextDecoder().decode(body)
  return { atMs, method, url: url.pathname + url.search, headers: Object.fromEntries(headers), body: text }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
