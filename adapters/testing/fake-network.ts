import { VirtualClock } from './browser/clock.ts'
import { FakePage, replace } from './browser/page.ts'
import { seededRandom } from './browser/random.ts'
import { type FakeImplementations, FakeTab } from './browser/tab.ts'
import { Faults } from './connection/faults.ts'
import type { FakeServerSocket } from './connection/server-socket.ts'
import { Network } from './network.ts'
import { unsubscribeRecords } from './record.ts'
import { FakeLog, type FakeLogOptions } from './servers/log.ts'
import { FakeRoute, type FakeRouteOptions, type RouteHandler } from './servers/route.ts'
import { type FakeSocketOptions, FakeSocketRoute } from './servers/socket-route.ts'
import { FakeUploadServer } from './servers/upload-server.ts'

/** Options of {@link fakeNetwork}. */
export interface FakeNetworkOptions {
  /** The seed of `random`, which replaces `Math.random` while the network is installed. Default 1. */
  readonly seed?: number | undefined
  /** How long everything takes to arrive, in milliseconds. Default 0: it arrives at once. */
  readonly latencyMs?: number | undefined
  /** What `Date` shows when virtual time starts, in milliseconds since the epoch. Default: the start of 2026. */
  readonly startMs?: number | undefined
  /**
   * The `act` of React or its testing library. `advance` runs in it, so that components have rendered afterwards.
   * Default: none.
   */
  readonly act?: ((run: () => Promise<void>) => PromiseLike<void>) | undefined
}

/** Options of `install()` of a fake network. */
export interface InstallOptions {
  /** Whether time becomes virtual. Default true, unless the fake timers of the test runner are on already. */
  readonly time?: boolean | undefined
  /** Whether `Math.random` becomes seeded. Default true. */
  readonly random?: boolean | undefined
  /** Whether the page can be hidden, frozen and offline. Default true. A host without a page gets a minimal one. */
  readonly page?: boolean | undefined
  /**
   * Whether requests and sockets without a route go to the real network. Default false: they get a 404. A function
   * decides for each URL, whether there is a route for it or not.
   */
  readonly passThrough?: boolean | ((url: URL) => boolean) | undefined
}

/** The network that has replaced the globals. */
let installed: FakeNetwork | undefined

/**
 * A network with servers and faults that a test controls. The faults of this object apply to all connections; those of
 * a route, a log or an upload server apply to theirs. Made by {@link fakeNetwork}.
 */
export class FakeNetwork extends Faults {
  /** Returns seeded random numbers, a replacement for `Math.random` and for the option `random` of a policy. */
  readonly random: () => number
  readonly #network: Network
  readonly #clock: VirtualClock
  readonly #page = new FakePage()
  readonly #tabs: FakeTab[] = []
  readonly #act: (run: () => Promise<void>) => PromiseLike<void>
  #isFrozen = false
  #restores: (() => void)[] = []

  /** @internal */
  constructor({ seed = 1, latencyMs = 0, startMs = Date.UTC(2026, 0, 1), act = (run) => run() }: FakeNetworkOptions) {
    super()
    this.#network = new Network(this, latencyMs)
    this.#clock = new VirtualClock(
      startMs,
      () => this.#network.activity,
      () => this.#network.isBusy,
    )
    this.#act = act
    this.random = seededRandom(seed)
    this.tab()
  }

  /** `fetch`, `XMLHttpRequest`, `EventSource` and `WebSocket` over this network, for a wire or for other code. */
  get implementations(): FakeImplementations {
    return this.#firstTab.implementations
  }

  /**
   * Replaces the globals of the host until `uninstall()`: those of {@link implementations}, timers and clocks,
   * `Math.random`, and what the page knows about itself.
   *
   * @returns A function that uninstalls.
   */
  install({ time = true, random = true, page = true, passThrough = false }: InstallOptions = {}): () => void {
    if (installed !== undefined && installed !== this) {
      throw new Error('Another fake network is installed: call its uninstall() first.')
    }
    this.uninstall()
    installed = this
    this.#network.startRoutes()
    this.#network.isOffline = false
    this.#network.problems.length = 0
    this.#isFrozen = false
    if (time) this.#clock.install()
    this.#network.startMs = Date.now()
    if (page) this.#page.install()
    // The base of relative URLs.
    if (typeof location === 'undefined')
      this.#restores.push(replace(globalThis, 'location', new URL('http://localhost/')))
    if (random) this.#restores.push(replace(Math, 'random', this.random))
    const globals = passThrough
      ? withPassThrough(this.implementations, this.#network, passThrough)
      : this.implementations
    for (const [name, value] of Object.entries(globals)) this.#restores.push(replace(globalThis, name, value))
    return () => this.uninstall()
  }

  /**
   * Unsubscribes all records, ends all connections without a word to their clients, and restores the globals. Faults and
   * the routes that were made since `install()` are forgotten, so that each test starts alike.
   */
  uninstall(): void {
    unsubscribeRecords()
    for (const restore of this.#restores.splice(0).reverse()) restore()
    this.#page.uninstall()
    this.#endLinks()
    this.#clock.uninstall()
    this.#endLinks()
    if (installed === this) this.#network.endRoutes()
    if (installed === this) installed = undefined
  }

  /**
   * Moves virtual time forward, runs the timers that are due, and waits for everything that they start. Also waits for
   * what takes no time, so `advance()` lets all that was sent arrive.
   *
   * @param ms Default 0.
   * @throws Error if time is real: neither is the network installed, nor are the fake timers of the test runner on.
   */
  readonly advance = async (ms: number = 0): Promise<void> => {
    if (!(ms >= 0)) throw new TypeError(`advance() needs a non-negative number of milliseconds, got ${ms}`)
    const act = this.#act(async () => {
      // Timers of a frozen page do not run.
      if (this.#isFrozen) this.#clock.jump(ms)
      else await this.#clock.advance(ms)
    })
    await this.#clock.settled(act)
  }

  /** The time since the network was installed, or made, in milliseconds. */
  get atMs(): number {
    return this.#network.atMs()
  }

  /** Serves a path with one log, as Server-Sent Events, long poll, NDJSON and WebSocket. */
  log(path: string, options: FakeLogOptions = {}): FakeLog {
    const log = new FakeLog(this.#network, options)
    this.#network.addHttp('GET', path, log)
    this.#network.addSocket(path, log)
    return log
  }

  /**
   * Serves requests. The newest route for a path wins.
   *
   * @param method `'*'` for all.
   * @param path A path, such as `/users/:id` or `/files/*`, optionally with an origin.
   */
  route(method: string, path: string, handler: RouteHandler, options: FakeRouteOptions = {}): FakeRoute {
    const route = new FakeRoute(this.#network, handler, options)
    this.#network.addHttp(method, path, route)
    return route
  }

  /** Serves sockets. `serve` receives the server's end of each one. */
  socket(
    path: string,
    serve: (socket: FakeServerSocket) => void = () => {},
    options: FakeSocketOptions = {},
  ): FakeSocketRoute {
    const route = new FakeSocketRoute(this.#network, serve, options)
    this.#network.addSocket(path, route)
    return route
  }

  /** Serves resumable uploads with tus 1.0. */
  upload(path: string): FakeUploadServer {
    const server = new FakeUploadServer(this.#network, path)
    this.#network.addHttp('*', path, server)
    this.#network.addHttp('*', `${path}/:id`, server)
    return server
  }

  /** The faults of all connections to an origin, such as `https://api.example.com`. */
  origin(origin: string): Faults {
    return this.#network.origin(origin)
  }

  /** Opens another tab: a client with connections of its own. */
  tab(): FakeTab {
    const tab = new FakeTab(this.#network)
    this.#tabs.push(tab)
    return tab
  }

  /**
   * Drops all connections and refuses new ones, until `online()`.
   *
   * @param isReported Whether the browser notices and says so. Default true.
   */
  offline({ isReported = true }: { readonly isReported?: boolean } = {}): void {
    this.#network.isOffline = true
    this.cut()
    if (isReported) this.#page.setOnline(false)
  }

  online(): void {
    this.#network.isOffline = false
    this.#page.setOnline(true)
  }

  /** Puts the page into the background, until `show()`. */
  hide(): void {
    this.#page.setHidden(true)
  }

  show(): void {
    this.#page.setHidden(false)
  }

  /** Suspends the page, until `resume()`: its timers do not run, and its connections are dead without an error. */
  freeze(): void {
    this.#page.setFrozen(true)
    this.#isFrozen = true
    this.halfOpen()
  }

  resume(): void {
    this.#isFrozen = false
    this.#page.setFrozen(false)
  }

  /** Fires `pagehide`. `isPersisted` is whether the page enters the back/forward cache. Default true. */
  pageHide(isPersisted = true): void {
    this.#page.setStored(true, isPersisted)
  }

  /** Fires `pageshow`. `isPersisted` is whether the page comes from the back/forward cache. Default true. */
  pageShow(isPersisted = true): void {
    this.#page.setStored(false, isPersisted)
  }

  /**
   * Lets the machine sleep: the clock moves on, no timer runs, and open connections are dead without an error.
   *
   * @param options With `keepsConnections`, they survive.
   */
  sleep(ms: number, { keepsConnections = false }: { readonly keepsConnections?: boolean } = {}): void {
    if (!keepsConnections) this.halfOpen()
    this.#clock.jump(ms)
  }

  /** Moves what `Date` shows, forward or back, as when a clock is corrected. No time passes. */
  shiftClock(ms: number): void {
    this.#clock.jump(ms)
  }

  /** How many connections are open, in all tabs. */
  override get open(): number {
    return this.#tabs.reduce((sum, { open }) => sum + open, 0)
  }

  /** How many timers are pending. On a page, a wire that is subscribed has one that detects a sleep. */
  get timers(): number {
    return this.#clock.timers
  }

  /** How many listeners for changes of the page and the network are registered. */
  get listeners(): number {
    return this.#page.listeners
  }

  /** What a finished test should not leave: open connections, requests without a route, and handlers that threw. */
  leaks(): string[] {
    return [...this.#tabs.flatMap(({ connections }) => connections), ...this.#network.problems]
  }

  /** Whether there is a route for a request, or for a socket if the method is `'WebSocket'`. */
  handles(method: string, url: string | URL): boolean {
    const resolved = this.#network.resolve(String(url))
    return method === 'WebSocket' ? this.#network.hasSocket(resolved) : this.#network.hasHttp(method, resolved)
  }

  #endLinks(): void {
    for (const link of [...this.links]) link.end()
  }

  get #firstTab(): FakeTab {
    const [first] = this.#tabs
    if (first === undefined) throw new Error('The fake network has no tab.')
    return first
  }
}

/**
 * Creates a network for tests: servers with faults, a browser to connect from, and virtual time. Creating it changes
 * nothing; `install()` replaces the globals.
 *
 * @example
 * ```ts
 * import { fromEventSource } from 'rxwire'
 * import { fakeNetwork, recordWire } from 'rxwire/testing'
 *
 * const net = fakeNetwork({ seed: 1 })
 * net.install()
 * const feed = net.log('/ticks')
 * feed.send({ price: 3 })
 * const seen = recordWire(fromEventSource('/ticks'))
 * await net.advance()
 * feed.cut()
 * await net.advance(5_000)
 * console.assert(feed.attempts.length === 2)
 * seen.unsubscribe()
 * net.uninstall()
 * ```
 */
export function fakeNetwork(options: FakeNetworkOptions = {}): FakeNetwork {
  return new FakeNetwork(options)
}

/** What is installed where the real network stays reachable. XHR names its URL too late to choose. */
function withPassThrough(
  fake: FakeImplementations,
  network: Network,
  passThrough: true | ((url: URL) => boolean),
): Partial<FakeImplementations> {
  const { fetch: hostFetch } = globalThis
  const isFake = (url: URL, hasRoute: boolean) => (passThrough === true ? hasRoute : !passThrough(url))
  const chosen = <C extends 'EventSource' | 'WebSocket'>(name: C, hasRoute: (url: URL) => boolean) => {
    const host = globalThis[name]
    if (host === undefined) return { [name]: fake[name] }
    const construct = (_: object, args: [string | URL, ...never[]]) => {
      const url = network.resolve(String(args[0]))
      return Reflect.construct(isFake(url, hasRoute(url)) ? fake[name] : host, args)
    }
    return { [name]: new Proxy(host, { construct }) }
  }
  return {
    fetch: async (input, init) => {
      const asked = typeof input === 'object' && 'url' in input ? input : { method: 'GET', url: input }
      const url = network.resolve(String(asked.url))
      const hasRoute = network.hasHttp(init?.method ?? asked.method, url)
      return isFake(url, hasRoute) ? fake.fetch(input, init) : hostFetch(input, init)
    },
    ...chosen('EventSource', (url) => network.hasHttp('GET', url)),
    ...chosen('WebSocket', (url) => network.hasSocket(url)),
  }
}
