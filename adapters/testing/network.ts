import { encode } from './connection/bytes.ts'
import { Faults } from './connection/faults.ts'
import type { HttpRequest, HttpRoute } from './connection/http.ts'
import type { Link, LinkEnds, LinkOptions } from './connection/link.ts'
import { httpOrigin, matcher } from './connection/path.ts'
import type { SocketRoute } from './connection/server-socket.ts'

/** What connects to a network. */
export interface Client {
  readonly network: Network
  /** Opens a connection; `undefined` if it is refused. */
  connect(kind: LinkOptions['kind'], url: URL, faults: Faults, ends: LinkEnds): Link | undefined
  /** The client does not wait for this connection any more. */
  forget(link: Link): void
}

type Params = Readonly<Record<string, string>>

interface Registered<R> {
  readonly method: string
  readonly match: (url: URL) => Params | undefined
  readonly route: R
}

const MAX_AT_ONCE = 10_000

/** The inside of a fake network: what serves a URL, and which faults apply to it. */
export class Network {
  readonly faults: Faults
  readonly latencyMs: number
  /** Mistakes of the test: requests without a route, and handlers that throw. */
  readonly problems: string[] = []
  isOffline = false
  /** Counts what has happened. */
  activity = 0
  startMs: number = Date.now()
  #http: Registered<HttpRoute>[] = []
  #sockets: Registered<SocketRoute>[] = []
  #kept: { readonly http: Registered<HttpRoute>[]; readonly sockets: Registered<SocketRoute>[] } = {
    http: [],
    sockets: [],
  }
  readonly #origins = new Map<string, Faults>()
  #pending = 0
  #lastMs = 0
  #atOnce = 0

  constructor(faults: Faults, latencyMs: number) {
    this.faults = faults
    this.latencyMs = latencyMs
  }

  /** Whether something is pending that takes no virtual time. */
  get isBusy(): boolean {
    return this.#pending > 0
  }

  atMs(): number {
    return Date.now() - this.startMs
  }

  noteActivity(): void {
    this.activity += 1
  }

  /**
   * Counts a connection.
   *
   * @throws Error if there were too many without time passing: such a loop would never let a test end.
   */
  noteConnection(url: URL): void {
    const nowMs = Date.now()
    this.#atOnce = nowMs === this.#lastMs ? this.#atOnce + 1 : 1
    this.#lastMs = nowMs
    if (this.#atOnce <= MAX_AT_ONCE) return
    const text = `There were more than ${MAX_AT_ONCE} connections without time passing, the last one to ${url.pathname}.`
    this.problems.push(text)
    throw new Error(text)
  }

  /** Marks the network as busy until the promise is settled. */
  async busy<T>(promise: Promise<T>): Promise<T> {
    this.#pending += 1
    try {
      return await promise
    } finally {
      this.#pending -= 1
      this.noteActivity()
    }
  }

  /** Resolves a URL against the page, or `http://localhost/` without one. */
  resolve(url: string): URL {
    const page = typeof location === 'undefined' ? undefined : location.href
    return new URL(url, page === undefined || page === 'about:blank' ? 'http://localhost/' : page)
  }

  /** Remembers the routes that stay. */
  startRoutes(): void {
    this.#atOnce = 0
    this.#kept = { http: [...this.#http], sockets: [...this.#sockets] }
  }

  /** Forgets the routes since then, and all faults. */
  endRoutes(): void {
    const { http, sockets } = this.#kept
    this.#http = [...http]
    this.#sockets = [...sockets]
    this.faults.restore()
    this.#origins.clear()
    for (const { route } of [...http, ...sockets]) route.faults.restore()
  }

  addHttp(method: string, path: string, route: HttpRoute): void {
    // The newest route is the first, so that a test can replace one.
    this.#http.unshift({ method: method.toUpperCase(), match: matcher(path), route })
  }

  addSocket(path: string, route: SocketRoute): void {
    this.#sockets.unshift({ method: '*', match: matcher(path), route })
  }

  hasHttp(method: string, url: URL): boolean {
    return find(this.#http, method, url) !== undefined
  }

  hasSocket(url: URL): boolean {
    return find(this.#sockets, '*', url) !== undefined
  }

  /** The route of a request. Without one, the response is a 404 that says so. */
  httpRoute(method: string, url: URL): { readonly route: HttpRoute; readonly params: Params } {
    return find(this.#http, method, url) ?? { route: this.#missing(method, url), params: {} }
  }

  /** The route of a socket. Without one, the handshake is refused. */
  socketRoute(url: URL): SocketRoute {
    const found = find(this.#sockets, '*', url)
    if (found !== undefined) return found.route
    this.#noteMissing(`socket('${url.pathname}')`, `WebSocket ${url.pathname}`)
    return { faults: new Faults(), noteHandshake: () => {}, chooseProtocol: () => '' }
  }

  /** The faults of all connections to an origin. */
  origin(origin: string): Faults {
    const name = httpOrigin(new URL(origin))
    const faults = this.#origins.get(name) ?? new Faults()
    this.#origins.set(name, faults)
    return faults
  }

  /** The faults that apply to a connection. */
  faultsOf(url: URL, route: Faults): readonly Faults[] {
    const origin = this.#origins.get(httpOrigin(url))
    return origin === undefined ? [this.faults, route] : [this.faults, origin, route]
  }

  #missing(method: string, url: URL): HttpRoute {
    const text = this.#noteMissing(`route('${method}', '${url.pathname}', …)`, `${method} ${url.pathname}`)
    return {
      faults: new Faults(),
      noteRequest: (_: HttpRequest) => {},
      serve: () => ({ status: 404, headers: new Headers({ 'content-type': 'text/plain' }), body: [encode(text)] }),
    }
  }

  #noteMissing(call: string, request: string): string {
    const text = `The fake network has no route for ${request}. Add one with ${call} or log('…').`
    this.problems.push(text)
    return text
  }
}

function find<R>(routes: readonly Registered<R>[], method: string, url: URL) {
  for (const { method: served, match, route } of routes) {
    if (served !== '*' && method !== '*' && served !== method.toUpperCase()) continue
    const params = match(url)
    if (params !== undefined) return { route, params }
  }
  return undefined
}
