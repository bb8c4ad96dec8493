import { encode, type HttpRequest, type IncomingRequest, type ServerResponse } from './exchange.ts'
import { Faults } from './faults.ts'
import type { Network } from './network.ts'
import { toServerResponse } from './respond.ts'
import type { FakeFrame, FakeServerSocket } from './web-socket.ts'

/** What serves the requests to a path. */
export interface HttpRoute {
  readonly faults: Faults
  noteRequest(request: HttpRequest): void
  serve(request: IncomingRequest): ServerResponse | Promise<ServerResponse>
}

/** What serves the sockets of a path. */
export interface SocketRoute {
  readonly faults: Faults
  noteHandshake(url: URL, protocols: readonly string[]): void
  /** Returns one of the offered subprotocols, or an empty text. */
  chooseProtocol(offered: readonly string[]): string
  /** Without it, handshakes are refused. */
  readonly open?: (socket: FakeServerSocket) => void
}

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
 * which is streamed; or another value, which is sent as JSON; or nothing, for the status 204.
 */
export type RouteHandler = (request: Request, context: RouteContext) => unknown

/** The server of one path, and its faults. Made by `route()` of a fake network. */
export class FakeRoute extends Faults {
  /** All requests, in order. Those that were refused or got another answer are included. */
  readonly requests: SeenRequest[] = []
  readonly #network: Network
  readonly #handler: RouteHandler

  /** @internal */
  constructor(network: Network, handler: RouteHandler) {
    super()
    this.#network = network
    this.#handler = handler
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
      return await toServerResponse(await this.#handler(request, { params, signal, wait }))
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

/** Options of `socket()` of a fake network. */
export interface FakeSocketOptions {
  /** The subprotocols that the server knows. Default: it takes the first one that is offered. */
  readonly protocols?: readonly string[] | undefined
}

/** The server of the sockets of one path, and its faults. Made by `socket()` of a fake network. */
export class FakeSocketRoute extends Faults {
  /** When the handshakes were sent, in milliseconds since the network was created or installed. */
  readonly attempts: { readonly atMs: number }[] = []
  /** All frames that have arrived, of all sockets. */
  readonly received: FakeFrame[] = []
  readonly #network: Network
  readonly #serve: (socket: FakeServerSocket) => void
  readonly #protocols: readonly string[] | undefined
  readonly #sockets = new Set<FakeServerSocket>()

  /** @internal */
  constructor(network: Network, serve: (socket: FakeServerSocket) => void, options: FakeSocketOptions) {
    super()
    this.#network = network
    this.#serve = serve
    this.#protocols = options.protocols
  }

  /** Sends a frame to all open sockets: text and bytes as they are, another value as JSON. */
  send(message: unknown): void {
    const frame = typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)
    for (const socket of this.#sockets) socket.send(frame)
  }

  /** @internal */
  get faults(): this {
    return this
  }

  /** @internal */
  noteHandshake(): void {
    this.attempts.push({ atMs: this.#network.atMs() })
  }

  /** @internal */
  chooseProtocol(offered: readonly string[]): string {
    return offered.find((each) => this.#protocols?.includes(each) ?? true) ?? ''
  }

  /** @internal */
  open(socket: FakeServerSocket): void {
    this.#sockets.add(socket)
    socket.hooks = {
      frame: (frame) => this.received.push(frame),
      close: () => this.#sockets.delete(socket),
    }
    this.#serve(socket)
  }
}

/**
 * Returns whether a URL matches a path, and the values of its parameters: `/users/:id` has one, `/files/*` matches
 * everything below. A path that starts with an origin matches only there.
 */
export function matcher(path: string): (url: URL) => Readonly<Record<string, string>> | undefined {
  const origin = /^(\w+:\/\/[^/]+)/.exec(path)?.[1]
  const segments = path.slice(origin?.length ?? 0).split('/')
  const isOpen = segments.at(-1) === '*'
  if (isOpen) segments.pop()
  return (url) => {
    if (origin !== undefined && httpOrigin(url) !== httpOrigin(new URL(origin))) return undefined
    const parts = url.pathname.split('/')
    if (isOpen ? parts.length < segments.length : parts.length !== segments.length) return undefined
    const params: Record<string, string> = {}
    for (const [at, segment] of segments.entries()) {
      const part = parts[at] ?? ''
      if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(part)
      else if (segment !== part) return undefined
    }
    return params
  }
}

/** The origin of a URL, with that of `ws:` as the one of `http:`. */
export function httpOrigin({ protocol, host }: URL): string {
  return `${protocol.replace(/^ws/, 'http')}//${host}`
}
